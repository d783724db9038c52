package io.firn.dsl.plan;

import io.firn.dsl.spec.RouteRule;
import io.firn.model.schema.TableId;
import java.util.Optional;

/**
 * What happens to one source table.
 *
 * @param source the source table
 * @param compiled what its transform rule makes of it
 * @param route the route rule that applies; empty if the table keeps its name
 * @param target the target table
 */
public record TablePlan(
    TableId source, CompiledTable compiled, Optional<RouteRule> route, TableId target) {}
