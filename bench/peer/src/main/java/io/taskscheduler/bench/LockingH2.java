package io.taskscheduler.bench;

import com.github.kagkarlsson.scheduler.jdbc.DefaultJdbcCustomization;

/**
 * Lets db-scheduler lock on H2 what it fetches, as it does by itself on PostgreSQL and MySQL: H2 knows {@code skip locked}
 * too.
 */
final class LockingH2 extends DefaultJdbcCustomization {
    LockingH2() {
        super(false);
    }

    @Override
    public String getName() {
        return "H2";
    }

    @Override
    public boolean supportsGenericLockAndFetch() {
        return true;
    }

    @Override
    public String createGenericSelectForUpdateQuery(String table, int limit, String conditions, boolean byPriority) {
        return "select * from " + table + " where picked = ? and execution_time <= ? " + conditions
                + (byPriority ? " order by priority desc, execution_time" : " order by execution_time")
                + " fetch first "
                + limit + " rows only for update skip locked";
    }
}
