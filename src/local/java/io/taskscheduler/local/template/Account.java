package io.taskscheduler.local.template;

/**
 * Where the template is taken to be deployed: what its pseudo parameters and the ARNs of its resources are made of.
 *
 * @param queueEndpoint
 *            what a queue's URL starts with, without a slash at its end
 */
public record Account(String stackName, String id, String region, String queueEndpoint) {
    public static final String PARTITION = "aws";
    public static final String URL_SUFFIX = "amazonaws.com";

    /** The values that {@code sam local} uses too. */
    public static Account local(String queueEndpoint) {
        return new Account("local", "123456789012", "us-east-1", queueEndpoint);
    }

    /** {@code arn:aws:<service>:<region>:<account>:<resource>}. */
    public String arn(String service, String resource) {
        return "arn:" + PARTITION + ":" + service + ":" + region + ":" + id + ":" + resource;
    }

    /** An ARN of a service that has no regions. */
    public String globalArn(String service, String resource) {
        return "arn:" + PARTITION + ":" + service + "::" + id + ":" + resource;
    }

    /** The URL under which a queue is addressed. */
    public String queueUrl(String queueName) {
        return queueEndpoint + "/" + id + "/" + queueName;
    }
}
