package io.taskscheduler.architecture.planted.handler;

import io.taskscheduler.architecture.planted.adapter.scheduler.KnowsAnotherAdapter;

public record KnowsAnAdapterItself(KnowsAnotherAdapter adapter) {}
