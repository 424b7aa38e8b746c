using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Transactions;

/// <summary>
/// Changes the columns of a table ("Schema Evolution"). Columns are dotted paths, found exactly first, then ignoring case; <c>element</c> and <c>value</c>
/// of lists and maps may be left out. Operations are applied in the order in which they are given, each to the result of the one before.
/// </summary>
/// <param name="allowIncompatible">True lets required columns without default be added and optional ones become required although rows exist.</param>
public sealed class UpdateSchema(bool allowIncompatible = false) : MetadataUpdate
{
    private readonly List<Action<SchemaEditor>> operations = [];

    /// <summary>Adds a column at the end of the table, or of the struct (or list or map of structs) at <paramref name="parent"/>.</summary>
    /// <param name="parent">Path of the struct, or null for the table itself.</param>
    /// <param name="name">Name, any text.</param>
    /// <param name="type">Type; ids in it are assigned anew.</param>
    /// <param name="doc">Documentation, or null.</param>
    /// <param name="required">Whether null is forbidden; needs a default once the table has rows.</param>
    /// <param name="defaultValue">Value of existing rows and of rows that give none (<see cref="LiteralValue"/>); null is null. Version 3.</param>
    public UpdateSchema AddColumn(string? parent, string name, IcebergType type, string? doc = null, bool required = false, object? defaultValue = null) =>
        Then(e => e.Add(parent, name, type, required, doc, defaultValue));

    /// <summary>Drops a column and everything below it; its id is never used again.</summary>
    public UpdateSchema DropColumn(string path) => Then(e => e.Delete(path));

    /// <summary>Renames a column within its struct.</summary>
    public UpdateSchema RenameColumn(string path, string newName) => Then(e => e.Rename(path, newName));

    /// <summary>Widens a column's type as the specification allows.</summary>
    public UpdateSchema ChangeType(string path, IcebergType type) => Then(e => e.ChangeType(path, type));

    /// <summary>Makes a required column optional.</summary>
    public UpdateSchema MakeOptional(string path) => Then(e => e.MakeOptional(path));

    /// <summary>Makes an optional column required; only while the table has no rows.</summary>
    public UpdateSchema RequireColumn(string path) => Then(e => e.Require(path));

    /// <summary>Sets the documentation of a column; null removes it.</summary>
    public UpdateSchema SetDoc(string path, string? doc) => Then(e => e.Document(path, doc));

    /// <summary>Sets the value that writers store when none is given; null removes it. Existing rows do not change. Version 3.</summary>
    public UpdateSchema SetDefault(string path, object? value) => Then(e => e.SetDefault(path, value));

    /// <summary>Moves a column to the front of its struct.</summary>
    public UpdateSchema MoveFirst(string path) => Then(e => e.MoveFirst(path));

    /// <summary>Moves a column before another one of the same struct.</summary>
    public UpdateSchema MoveBefore(string path, string other) => Then(e => e.MoveBeside(path, other, after: false));

    /// <summary>Moves a column after another one of the same struct.</summary>
    public UpdateSchema MoveAfter(string path, string other) => Then(e => e.MoveBeside(path, other, after: true));

    /// <summary>Sets the columns that identify a row; none removes all.</summary>
    public UpdateSchema SetIdentifierFields(params string[] paths) => Then(e => e.SetIdentifiers(paths));

    /// <summary>
    /// Adds what <paramref name="schema"/> has more, by names: new columns (optional), wider types, optional where it says so, its docs.
    /// Columns that it does not have stay.
    /// </summary>
    /// <param name="schema">The other schema; its ids do not count.</param>
    /// <param name="ignoreCase">True lets a name match one of other case.</param>
    public UpdateSchema UnionByName(Schema schema, bool ignoreCase = false) => Then(e => e.UnionByName(schema.Fields, null, ignoreCase));

    /// <summary>The schema that the table would get.</summary>
    /// <exception cref="TarnException">NotFound for a column that the table lacks, AlreadyExists for a new one that it has; InvalidRequest naming the column and the rule that forbids the change.</exception>
    public Schema Result(TableMetadata current)
    {
        var editor = new SchemaEditor(current, allowIncompatible);
        foreach (var operation in operations)
            operation(editor);
        SchemaRules.Check(editor.Schema, current.FormatVersion, current.Schemas);
        return editor.Schema;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TableUpdate> Apply(TableMetadata current)
    {
        var schema = Result(current);
        if (schema.SameSchema(current.CurrentSchema))
            return [];
        List<TableUpdate> updates = [new TableUpdate.AddSchema(schema), new TableUpdate.SetCurrentSchema(TableUpdate.LastAdded)];
        if (NameMappingUpdate.Of(current, schema) is { } mapping)
            updates.Add(new TableUpdate.SetProperties(new Dictionary<string, string> { [NameMapping.PropertyName] = mapping }));
        return updates;
    }

    private UpdateSchema Then(Action<SchemaEditor> operation)
    {
        operations.Add(operation);
        return this;
    }
}
