/** Keyed state as the runtime sees it: stores, snapshots, restore. */
package io.firn.runtime.state;
