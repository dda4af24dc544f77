package io.taskscheduler.handler;

/** What a caller must be allowed to do, to be answered on a route. API Gateway holds callers to it; a test, the template and the OpenAPI document. */
enum Right {
    READ, WRITE, OPERATE
}
