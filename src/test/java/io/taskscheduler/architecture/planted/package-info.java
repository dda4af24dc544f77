/** Classes that break the architecture's rules, one for each, so that a test can show that the rules catch them. */
package io.taskscheduler.architecture.planted;
