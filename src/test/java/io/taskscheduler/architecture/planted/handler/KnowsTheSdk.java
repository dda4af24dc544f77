package io.taskscheduler.architecture.planted.handler;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

record KnowsTheSdk(DynamoDbClient client) {}
