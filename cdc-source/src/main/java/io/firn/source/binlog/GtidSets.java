package io.firn.source.binlog;

import com.github.shyiko.mysql.binlog.GtidSet;
import com.github.shyiko.mysql.binlog.MariadbGtidSet;
import io.firn.source.Flavour;

/** The GTIDs of the transactions completed so far, as the server writes them. */
final class GtidSets {
  private final GtidSet set;

  private GtidSets(GtidSet set) {
    this.set = set;
  }

  /** Starts from a set in text form; may be empty. */
  static GtidSets parse(Flavour flavour, String text) {
    return new GtidSets(flavour == Flavour.MYSQL ? new GtidSet(text) : new MariadbGtidSet(text));
  }

  void add(String gtid) {
    set.add(gtid);
  }

  /** The text form, or null for an empty set. */
  String text() {
    String text = set.toString();
    return text.isEmpty() ? null : text;
  }
}
