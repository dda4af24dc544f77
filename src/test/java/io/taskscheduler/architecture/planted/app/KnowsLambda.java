package io.taskscheduler.architecture.planted.app;

import com.amazonaws.services.lambda.runtime.Context;

record KnowsLambda(Context context) {}
