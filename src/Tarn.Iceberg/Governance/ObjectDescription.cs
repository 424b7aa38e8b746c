using Tarn.Iceberg.Catalogs;

namespace Tarn.Iceberg.Governance;

/// <summary>The kinds of things in a catalog that have a name.</summary>
public enum ObjectKind
{
    /// <summary>A schema: a namespace.</summary>
    Schema,

    /// <summary>A table.</summary>
    Table,

    /// <summary>A view.</summary>
    View,
}

/// <summary>A schema, table or view with what people are told about it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Namespace">The schema, or the one that it is in.</param>
/// <param name="Name">Name of the table or view; null for a schema.</param>
/// <param name="Facts">What is known of it.</param>
public sealed record ObjectDescription(ObjectKind Kind, Namespace Namespace, string? Name, ObjectFacts Facts)
{
    /// <summary>The table or view.</summary>
    public TableIdentifier Identifier => new(Namespace, Name ?? throw new InvalidOperationException($"'{Namespace}' is a schema."));

    /// <summary>The kind as users read it.</summary>
    public string KindText => Kind switch
    {
        ObjectKind.Schema => "schema",
        ObjectKind.Table => "table",
        _ => "view",
    };

    /// <summary>Its own name without the schema that it is in.</summary>
    public string OwnName => Name ?? Namespace.Levels[^1];

    /// <inheritdoc/>
    public override string ToString() => Name is null ? Namespace.ToString() : Identifier.ToString();
}
