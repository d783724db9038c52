package io.firn.simulation.actor;

import io.firn.simulation.fault.Fault;
import io.firn.simulation.fault.FaultCounts;
import io.firn.simulation.fault.Trace;
import io.firn.simulation.lake.CatalogServer;
import io.firn.simulation.lake.SimulatedCatalog;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * What an actor needs: a connection of its own without faults, and where to report to.
 *
 * @param server the catalog, for finding tables
 * @param catalog the actor's connection
 * @param trace hears what is done
 * @param counts counts it
 * @param without what shall not be done
 */
public record LakeAccess(
    CatalogServer server,
    SimulatedCatalog catalog,
    Trace trace,
    FaultCounts counts,
    Set<Fault> without) {

  Optional<Table> anyTable(Random random) {
    List<TableIdentifier> tables = server.tables();
    return tables.isEmpty()
        ? Optional.empty()
        : Optional.of(catalog.loadTable(tables.get(random.nextInt(tables.size()))));
  }

  boolean may(Fault fault) {
    return !without.contains(fault);
  }

  void did(Fault fault, Table table) {
    trace.add(fault + " " + table.name());
    counts.add(fault);
  }
}
