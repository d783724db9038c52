/** Keyed state in RocksDB. */
package io.firn.runtime.state.rocksdb;
