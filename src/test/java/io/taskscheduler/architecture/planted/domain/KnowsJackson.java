package io.taskscheduler.architecture.planted.domain;

record KnowsJackson(tools.jackson.databind.JsonNode node) {}
