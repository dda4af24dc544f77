package io.taskscheduler.architecture.planted.app.port;

import io.taskscheduler.architecture.planted.app.KnowsAnAdapter;

record KnowsAUseCaseToo(KnowsAnAdapter useCase) {}
