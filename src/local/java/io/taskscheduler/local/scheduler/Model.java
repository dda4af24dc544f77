package io.taskscheduler.local.scheduler;

import static io.taskscheduler.local.scheduler.Shape.struct;

import io.taskscheduler.local.scheduler.Shape.Flag;
import io.taskscheduler.local.scheduler.Shape.ListOf;
import io.taskscheduler.local.scheduler.Shape.MapOf;
import io.taskscheduler.local.scheduler.Shape.Moment;
import io.taskscheduler.local.scheduler.Shape.Struct;
import io.taskscheduler.local.scheduler.Shape.Text;
import io.taskscheduler.local.scheduler.Shape.Whole;

/** The shapes and limits of EventBridge Scheduler, API version 2021-06-30. */
final class Model {

    private static final String NAMES = "^[0-9a-zA-Z-_.]+$";

    static final Text NAME = Text.matching(1, 64, NAMES);
    static final Text CLIENT_TOKEN = Text.matching(1, 64, "^[a-zA-Z0-9-_]+$");
    static final Text STATE = Text.among("ENABLED", "DISABLED");
    static final Text NEXT_TOKEN = Text.of(1, 2048);
    static final Whole MAX_RESULTS = new Whole(1, 100);
    static final Text TAG_RESOURCE_ARN = Text.matching(1, 1011,
            "^arn:aws(-[a-z]+)?:scheduler:[a-z0-9\\-]+:\\d{12}:schedule-group\\/[0-9a-zA-Z-_.]+$");
    static final Text TAG_KEY = Text.of(1, 128);

    private static final Text TAG_VALUE = Text.of(1, 256);
    private static final ListOf TAGS = new ListOf(struct("Key*", TAG_KEY, "Value*", TAG_VALUE), 0, 200);

    private static final Struct NETWORK = struct("awsvpcConfiguration",
            struct("AssignPublicIp", Text.among("ENABLED", "DISABLED"),
                    "SecurityGroups", new ListOf(Text.of(1, 1000), 1, 5), "Subnets*",
                    new ListOf(Text.of(1, 1000), 1, 16)));

    private static final Struct ECS = struct("CapacityProviderStrategy",
            new ListOf(struct("base", new Whole(0, 100_000), "capacityProvider*",
                    Text.of(1, 255), "weight", new Whole(0, 1000)), 0, 6),
            "EnableECSManagedTags", new Flag(), "EnableExecuteCommand", new Flag(),
            "Group", Text.of(1, 255), "LaunchType", Text.among("EC2", "FARGATE", "EXTERNAL"), "NetworkConfiguration",
            NETWORK,
            "PlacementConstraints",
            new ListOf(struct("expression", Text.of(0, 2000), "type", Text.among("distinctInstance", "memberOf")), 0,
                    10),
            "PlacementStrategy",
            new ListOf(struct("field", Text.of(0, 255), "type", Text.among("random", "spread", "binpack")),
                    0, 5),
            "PlatformVersion", Text.of(1, 64), "PropagateTags", Text.among("TASK_DEFINITION"), "ReferenceId", Text.of(
                    0, 1024),
            "Tags", new ListOf(new MapOf(TAG_KEY, TAG_VALUE), 0, 50), "TaskCount", new Whole(1, 10),
            "TaskDefinitionArn*", Text.of(1, 1600));

    private static final Struct SAGEMAKER = struct("PipelineParameterList",
            new ListOf(struct("Name*", Text.matching(1, 256,
                    "^[A-Za-z0-9\\-_]*$"), "Value*", Text.of(1, 1024)), 0, 200));

    private static final Struct EVENT_BRIDGE = struct("DetailType*", Text.of(1, 128), "Source*", Text.matching(1, 256,
            "^(?=[/\\.\\-_A-Za-z0-9]+)((?!aws\\.).*)|(\\$(\\.[\\w_-]+(\\[(\\d+|\\*)\\])*)*)$"));

    private static final Struct TARGET = struct("Arn*", Text.of(1, 1600), "DeadLetterConfig",
            struct("Arn", Text.matching(1, 1600,
                    "^arn:aws(-[a-z]+)?:sqs:[a-z0-9\\-]+:\\d{12}:[a-zA-Z0-9\\-_]+$")),
            "EcsParameters", ECS, "EventBridgeParameters", EVENT_BRIDGE,
            "Input", Text.of(1, Integer.MAX_VALUE), "KinesisParameters", struct("PartitionKey*", Text.of(1, 256)),
            "RetryPolicy", struct(
                    "MaximumEventAgeInSeconds", new Whole(60, 86_400), "MaximumRetryAttempts", new Whole(0, 185)),
            "RoleArn*", Text.matching(1,
                    1600, "^arn:aws(-[a-z]+)?:iam::\\d{12}:role\\/[\\w+=,.@\\/-]+$"),
            "SageMakerPipelineParameters", SAGEMAKER,
            "SqsParameters", struct("MessageGroupId", Text.of(1, 128)));

    /** The body of CreateSchedule and UpdateSchedule alike. */
    static final Struct SCHEDULE = struct("ActionAfterCompletion", Text.among("NONE", "DELETE"), "ClientToken",
            CLIENT_TOKEN, "Description",
            Text.of(0, 512), "EndDate", new Moment(), "FlexibleTimeWindow*",
            struct("MaximumWindowInMinutes", new Whole(1, 1440), "Mode*",
                    Text.among("OFF", "FLEXIBLE")),
            "GroupName", NAME, "KmsKeyArn", Text.matching(1, 2048,
                    "^arn:aws(-[a-z]+)?:kms:[a-z0-9\\-]+:\\d{12}:(key|alias)\\/[0-9a-zA-Z-_]*$"),
            "ScheduleExpression*", Text.of(1,
                    256),
            "ScheduleExpressionTimezone", Text.of(1, 50), "StartDate", new Moment(), "State", STATE, "Target*",
            TARGET);

    static final Struct GROUP = struct("ClientToken", CLIENT_TOKEN, "Tags", TAGS);

    static final Struct TAGGING = struct("Tags*", TAGS);

    private Model() {}
}
