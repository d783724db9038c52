package io.firn.simulation.lake;

import io.firn.simulation.fault.Fault;
import io.firn.simulation.fault.Faults;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.rest.HTTPRequest;
import org.apache.iceberg.rest.ParserContext;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.rest.RESTCatalogAdapter;
import org.apache.iceberg.rest.RESTClient;
import org.apache.iceberg.rest.RESTResponse;
import org.apache.iceberg.rest.RESTSessionCatalog;
import org.apache.iceberg.rest.responses.ErrorResponse;

/**
 * Iceberg's own REST catalog, client and server, with a connection inside the process that loses
 * requests and replies. It compares only what a request names, and commits several tables at once.
 */
public final class RestLikeCatalog extends RESTCatalog {

  private RestLikeCatalog(Connection connection) {
    super(connection);
  }

  /**
   * A connection of a process.
   *
   * @param server the server's own catalog, which never fails
   * @param io the process's files
   * @param faults what goes wrong for it
   */
  public static RestLikeCatalog connect(SimulatedCatalog server, FileIO io, Faults faults) {
    RestLikeCatalog catalog = new RestLikeCatalog(new Connection(server, io, faults));
    catalog.initialize("rest", Map.of("rest-metrics-reporting-enabled", "false"));
    return catalog;
  }

  @Override
  protected RESTSessionCatalog newSessionCatalog(
      Function<Map<String, String>, RESTClient> clients) {
    FileIO io = ((Connection) clients).io;
    return new RESTSessionCatalog(clients, (context, properties) -> io);
  }

  private static final class Connection implements Function<Map<String, String>, RESTClient> {
    private final SimulatedCatalog server;
    private final FileIO io;
    private final Faults faults;

    Connection(SimulatedCatalog server, FileIO io, Faults faults) {
      this.server = server;
      this.io = io;
      this.faults = faults;
    }

    @Override
    public RESTClient apply(Map<String, String> properties) {
      return new Client(server, faults);
    }
  }

  private static final class Client extends RESTCatalogAdapter {
    private static final int OUTAGE_OPERATIONS = 40;

    private final Faults faults;
    private int down;

    Client(SimulatedCatalog server, Faults faults) {
      super(server);
      this.faults = faults;
    }

    @Override
    protected <T extends RESTResponse> T execute(
        HTTPRequest request,
        Class<T> responseType,
        Consumer<ErrorResponse> errors,
        Consumer<Map<String, String>> headers,
        ParserContext context) {
      boolean changes = request.method() != HTTPRequest.HTTPMethod.GET;
      boolean commit =
          request.method() == HTTPRequest.HTTPMethod.POST
              && (request.path().contains("/tables/")
                  || request.path().endsWith("transactions/commit"));
      if (request.path().endsWith("v1/config")) {
        return super.execute(request, responseType, errors, headers, context);
      }
      String what = "catalog " + request.method() + " " + request.path();
      faults.operation(what);
      faults.slow(Fault.CATALOG_SLOW);
      if (down > 0 && faults.armed()) {
        down--;
        fail(errors, 503);
      }
      if (commit) {
        if (faults.strikes(Fault.CATALOG_CONFLICT, 2)) {
          fail(errors, 409);
        }
        if (faults.strikes(Fault.CATALOG_UNKNOWN_LOST, 2)) {
          fail(errors, 503);
        }
      } else if (!changes && faults.strikes(Fault.CATALOG_READ_ERROR)) {
        fail(errors, 503);
      }
      T response = super.execute(request, responseType, errors, headers, context);
      if (commit && faults.strikes(Fault.CATALOG_UNKNOWN_LANDED, 2)) {
        fail(errors, 504);
      }
      if (commit && faults.strikes(Fault.CATALOG_UNKNOWN_AND_DOWN, 2)) {
        down = OUTAGE_OPERATIONS;
        fail(errors, 504);
      }
      if (commit && faults.strikes(Fault.CATALOG_FAILED_LANDED, 2)) {
        fail(errors, 409);
      }
      if (changes) {
        faults.done(what);
      }
      return response;
    }

    private static void fail(Consumer<ErrorResponse> errors, int code) {
      errors.accept(
          ErrorResponse.builder()
              .responseCode(code)
              .withType(code == 409 ? "CommitFailedException" : "ServiceUnavailableException")
              .withMessage("Simulated answer " + code)
              .build());
      throw new IllegalStateException("Answer " + code + " was ignored");
    }
  }
}
