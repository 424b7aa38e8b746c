using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions;

/// <content>Schemas, partition specs and sort orders.</content>
public sealed partial class TableMetadataBuilder
{
    private void AddSchema(Schema schema)
    {
        SchemaRules.Check(schema, state.FormatVersion, state.Schemas);
        int lastColumnId = Math.Max(state.LastColumnId, schema.HighestFieldId);
        if (state.Schemas.Find(s => s.SameSchema(schema)) is { } same)
        {
            lastAddedSchemaId = same.SchemaId;
            if (lastColumnId != state.LastColumnId)
                state = state with { LastColumnId = lastColumnId };
            return;
        }

        int id = state.Schemas.Select(s => s.SchemaId).DefaultIfEmpty(-1).Max() + 1;
        var added = schema.SchemaId == id ? schema : new Schema(id, schema.Fields, schema.IdentifierFieldIds) { UnknownFields = schema.UnknownFields };
        state = state with { Schemas = state.Schemas.Add(added), LastColumnId = lastColumnId };
        lastAddedSchemaId = id;
    }

    private void SetCurrentSchema(int schemaId)
    {
        int id = Resolve(schemaId, lastAddedSchemaId, "schema", state.Schemas.Exists(s => s.SchemaId == schemaId));
        if (id == state.CurrentSchemaId)
            return;
        state = state with { CurrentSchemaId = id };
        layoutChanged = true;
    }

    private void AddPartitionSpec(PartitionSpec spec)
    {
        spec = WithFieldIds(spec);
        if (state.PartitionSpecs.Find(s => SameFields(s, spec)) is { } same)
        {
            lastAddedSpecId = same.SpecId;
            return;
        }

        LayoutRules.Check(spec, CurrentSchemaFor("partition spec"), state.FormatVersion, state.PartitionSpecs);
        int id = state.PartitionSpecs.Select(s => s.SpecId).DefaultIfEmpty(-1).Max() + 1;
        state = state with
        {
            PartitionSpecs = state.PartitionSpecs.Add(new PartitionSpec(id, spec.Fields) { UnknownFields = spec.UnknownFields }),
            LastPartitionId = Math.Max(state.LastPartitionId, spec.LastFieldId),
        };
        lastAddedSpecId = id;
    }

    // Fields may come without an id: an equal field of an earlier spec lends its own (so that values of both specs mean the same), others are new.
    private PartitionSpec WithFieldIds(PartitionSpec spec)
    {
        if (spec.Fields.All(f => f.FieldId >= 0))
            return spec;
        int last = Math.Max(state.LastPartitionId, spec.LastFieldId);
        var history = state.FormatVersion == 1 ? [] : state.PartitionSpecs.SelectMany(s => s.Fields).ToArray();
        return new PartitionSpec(spec.SpecId, [.. spec.Fields.Select(f => f.FieldId >= 0 ? f : f with { FieldId = Find(f) ?? ++last })]) { UnknownFields = spec.UnknownFields };

        int? Find(PartitionField field) =>
            history.Where(h => h.Transform == field.Transform && h.SourceIds.SequenceEqual(field.SourceIds)).Select(h => (int?)h.FieldId).Max();
    }

    private void SetDefaultSpec(int specId)
    {
        int id = Resolve(specId, lastAddedSpecId, "partition spec", state.PartitionSpecs.Exists(s => s.SpecId == specId));
        if (id == state.DefaultSpecId)
            return;
        state = state with { DefaultSpecId = id };
        layoutChanged = true;
    }

    private void AddSortOrder(SortOrder order)
    {
        if (state.SortOrders.Find(o => o.Fields.SequenceEqual(order.Fields)) is { } same)
        {
            lastAddedOrderId = same.OrderId;
            return;
        }

        LayoutRules.Check(order, CurrentSchemaFor("sort order"), state.SortOrders);
        // Order 0 is reserved for the unsorted order.
        int id = order.Fields.Count == 0 ? 0 : Math.Max(0, state.SortOrders.Select(o => o.OrderId).DefaultIfEmpty(0).Max()) + 1;
        state = state with { SortOrders = state.SortOrders.Add(new SortOrder(id, order.Fields) { UnknownFields = order.UnknownFields }) };
        lastAddedOrderId = id;
    }

    private void SetDefaultSortOrder(int orderId)
    {
        int id = Resolve(orderId, lastAddedOrderId, "sort order", state.SortOrders.Exists(o => o.OrderId == orderId));
        if (id == state.DefaultSortOrderId)
            return;
        state = state with { DefaultSortOrderId = id };
        layoutChanged = true;
    }

    private void RemovePartitionSpecs(IReadOnlyList<int> ids)
    {
        if (ids.Contains(state.DefaultSpecId))
            throw TarnException.Invalid($"Partition spec {state.DefaultSpecId} cannot be removed: it is the default. Make another one the default first.");
        var kept = state.PartitionSpecs.RemoveAll(s => ids.Contains(s.SpecId));
        if (kept.Count != state.PartitionSpecs.Count)
            state = state with { PartitionSpecs = kept };
    }

    private void RemoveSchemas(IReadOnlyList<int> ids)
    {
        if (ids.Contains(state.CurrentSchemaId))
            throw TarnException.Invalid($"Schema {state.CurrentSchemaId} cannot be removed: it is the current one. Make another one current first.");
        var kept = state.Schemas.RemoveAll(s => ids.Contains(s.SchemaId));
        if (kept.Count != state.Schemas.Count)
            state = state with { Schemas = kept };
    }

    private static int Resolve(int id, int? lastAdded, string what, bool exists)
    {
        if (id == TableUpdate.LastAdded)
            return lastAdded ?? throw TarnException.Invalid($"The commit refers to the last added {what}, but adds none before.");
        return exists ? id : throw TarnException.Invalid($"The table has no {what} {id}.");
    }

    // Who creates a table may make its schema current last; until then the schema that the commit added counts.
    private Schema CurrentSchemaFor(string what) =>
        state.CurrentSchemaId >= 0 ? state.CurrentSchema
        : lastAddedSchemaId is { } added ? state.Schemas.Find(s => s.SchemaId == added)!
        : throw TarnException.Invalid($"A {what} cannot be added before the table has a schema.");

    // Ids do not make two specs different: a client that numbers the fields of an old spec anew means the old spec.
    private static bool SameFields(PartitionSpec left, PartitionSpec right) =>
        left.Fields.Count == right.Fields.Count && left.Fields.Zip(right.Fields).All(p => p.First with { FieldId = p.Second.FieldId } == p.Second);
}
