package io.taskscheduler.architecture.planted.adapter.scheduler;

import io.taskscheduler.architecture.planted.adapter.webhook.KnowsAUseCase;

public record KnowsAnotherAdapter(KnowsAUseCase other) {}
