package io.firn.it.hive;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.metastore.DefaultPartitionExpressionProxy;
import org.apache.hadoop.hive.metastore.HiveMetaStore;
import org.apache.hadoop.hive.metastore.conf.MetastoreConf;
import org.apache.hadoop.hive.metastore.conf.MetastoreConf.ConfVars;
import org.apache.hadoop.hive.metastore.events.EventCleanerTask;
import org.apache.hadoop.hive.metastore.txn.TxnDbUtil;

/**
 * Hive's metastore on a database in memory. Arguments: its port, and the warehouse's location.
 *
 * <p>The classes that it would load by default are in Hive itself, which is not here.
 */
public final class Metastore {
  private static final String DATABASE = "jdbc:derby:memory:metastore;create=true";

  private Metastore() {}

  /** Runs until the process is ended. */
  public static void main(String[] arguments) throws Throwable {
    Configuration configuration = MetastoreConf.newMetastoreConf();
    // The tables for locks, which Iceberg's commits need.
    TxnDbUtil.setConfValues(configuration);
    MetastoreConf.setVar(configuration, ConfVars.CONNECT_URL_KEY, DATABASE);
    TxnDbUtil.prepDb(configuration);
    MetastoreConf.setVar(configuration, ConfVars.WAREHOUSE, arguments[1]);
    MetastoreConf.setBoolVar(configuration, ConfVars.AUTO_CREATE_ALL, true);
    MetastoreConf.setBoolVar(configuration, ConfVars.SCHEMA_VERIFICATION, false);
    MetastoreConf.setVar(
        configuration,
        ConfVars.EXPRESSION_PROXY_CLASS,
        DefaultPartitionExpressionProxy.class.getName());
    String task = EventCleanerTask.class.getName();
    MetastoreConf.setVar(configuration, ConfVars.TASK_THREADS_ALWAYS, task);
    MetastoreConf.setVar(configuration, ConfVars.TASK_THREADS_REMOTE_ONLY, task);
    HiveMetaStore.startMetaStore(Integer.parseInt(arguments[0]), null, configuration);
  }
}
