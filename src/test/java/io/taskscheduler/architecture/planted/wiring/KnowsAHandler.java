package io.taskscheduler.architecture.planted.wiring;

import io.taskscheduler.architecture.planted.handler.KnowsAnAdapterItself;

record KnowsAHandler(KnowsAnAdapterItself handler) {}
