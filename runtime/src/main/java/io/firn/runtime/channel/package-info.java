/** Bounded queues between tasks. */
package io.firn.runtime.channel;
