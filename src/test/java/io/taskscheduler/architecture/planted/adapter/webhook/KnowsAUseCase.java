package io.taskscheduler.architecture.planted.adapter.webhook;

import io.taskscheduler.architecture.planted.app.KnowsAnAdapter;
import java.util.List;

public record KnowsAUseCase(List<KnowsAnAdapter> useCases) {}
