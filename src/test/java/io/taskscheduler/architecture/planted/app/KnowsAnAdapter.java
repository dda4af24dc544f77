package io.taskscheduler.architecture.planted.app;

import io.taskscheduler.architecture.planted.adapter.webhook.KnowsAUseCase;

public record KnowsAnAdapter(KnowsAUseCase adapter) {}
