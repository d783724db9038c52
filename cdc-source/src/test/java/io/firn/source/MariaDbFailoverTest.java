package io.firn.source;

import io.firn.model.stream.SourcePosition;
import io.firn.testservers.DatabaseServer;
import io.firn.testservers.MariaDbServer;
import java.util.stream.Stream;

class MariaDbFailoverTest extends FailoverContract {

  @Override
  DatabaseServer start(String... options) {
    return MariaDbServer.start(
        Stream.concat(Stream.of("--log-slave-updates"), Stream.of(options)).toArray(String[]::new));
  }

  @Override
  String purgedAfter(SourcePosition position) {
    String set = position.gtidSet();
    long last = Long.parseLong(set.substring(set.lastIndexOf('-') + 1));
    return "0:" + (last + 1) + "-" + (last + 2) + "'";
  }
}
