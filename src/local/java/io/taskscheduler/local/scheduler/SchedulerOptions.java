package io.taskscheduler.local.scheduler;

/**
 * What an account's scheduler is like.
 *
 * @param spread whether an invocation starts at some second of its minute, as on AWS, rather than exactly; always the same one for a schedule
 * @param seed makes another spread
 * @param maxSchedules how many schedules the account may have
 * @param maxGroups how many schedule groups, the default one included
 */
public record SchedulerOptions(String region, String account, boolean spread, long seed, long maxSchedules,
        int maxGroups) {

    /** AWS's quotas, and every invocation on its second. */
    public static SchedulerOptions exact(String region, String account) {
        return new SchedulerOptions(region, account, false, 0, 10_000_000, 500);
    }

    /** The same, with each invocation some seconds into its minute. */
    public SchedulerOptions spreadBy(long aSeed) {
        return new SchedulerOptions(region, account, true, aSeed, maxSchedules, maxGroups);
    }

    public SchedulerOptions withQuotas(long schedules, int groups) {
        return new SchedulerOptions(region, account, spread, seed, schedules, groups);
    }
}
