using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Governance;

/// <summary>What people are told about a schema, table or view, apart from its name.</summary>
/// <param name="Comment">Its description, or null.</param>
/// <param name="Owner">Who is responsible, or null.</param>
/// <param name="Tags">Its tags by key.</param>
/// <param name="Columns">Its columns, nested ones too, each after the one that it is in; empty for a schema.</param>
public sealed record ObjectFacts(string? Comment, string? Owner, IReadOnlyList<Tag> Tags, IReadOnlyList<ColumnFacts> Columns)
{
    /// <summary>Why nothing is known, where the metadata cannot be read, or why nothing in a schema is; else null.</summary>
    public string? Problem { get; init; }

    /// <summary>About how much memory it takes, in bytes.</summary>
    public long SizeBytes => 2L * (Length(Comment) + Length(Owner) + Length(Problem) + Length(Tags) + Columns.Sum(c => c.Path.Length + Length(c.Comment) + Length(c.Tags) + 48));

    /// <summary>Of a schema.</summary>
    public static ObjectFacts OfSchema(IReadOnlyDictionary<string, string> properties) => Of(properties, null);

    /// <summary>Of a table.</summary>
    public static ObjectFacts Of(TableMetadata metadata) => Of(metadata.Properties, metadata.CurrentSchema);

    /// <summary>Of a view.</summary>
    public static ObjectFacts Of(ViewMetadata metadata) => Of(metadata.Properties, metadata.Schemas.Find(s => s.SchemaId == metadata.CurrentVersion.SchemaId));

    /// <summary>Of a table with what is kept beside its metadata.</summary>
    public static ObjectFacts Of(TableHandle table) => Of(table.Metadata).Beside(table.Annotations);

    /// <summary>Of a view with what is kept beside its metadata.</summary>
    public static ObjectFacts Of(ViewHandle view) => Of(view.Metadata).Beside(view.Annotations);

    /// <summary>Of a table of another format.</summary>
    public static ObjectFacts Of(ForeignTable table) => ForeignFacts.Of(table);

    /// <summary>Of something whose metadata cannot be read.</summary>
    public static ObjectFacts Unreadable(string problem) => new(null, null, [], []) { Problem = problem };

    /// <summary>The same, with what clients keep beside the metadata.</summary>
    public ObjectFacts Beside(IReadOnlyDictionary<string, string> annotations) => this with { Owner = GovernanceProperties.OwnerOf(Owner, annotations) };

    /// <summary>What a read finds; <see cref="Unreadable"/> where it fails for a reason of this one thing: it must not hide all others, nor itself. All other errors end a listing.</summary>
    internal static async ValueTask<ObjectFacts?> ReadAsync(Func<ValueTask<ObjectFacts?>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (TarnException error) when (error.IsOfOneThing)
        {
            return Unreadable(error.Message);
        }
    }

    private static ObjectFacts Of(IReadOnlyDictionary<string, string> properties, Schema? schema)
    {
        var tags = GovernanceProperties.ColumnTagsOf(properties);
        return new ObjectFacts(
            properties.GetValueOrDefault(GovernanceProperties.Comment), properties.GetValueOrDefault(GovernanceProperties.Owner), [.. GovernanceProperties.TagsOf(properties)],
            schema is null ? [] : [.. Walk(schema.Struct, "", tags)]);
    }

    private static IEnumerable<ColumnFacts> Walk(IcebergType type, string prefix, ILookup<int, Tag> tags)
    {
        foreach (var field in type.Children())
        {
            string path = prefix + field.Name;
            yield return new ColumnFacts(path, field.Doc, [.. tags[field.Id]]);
            foreach (var inner in Walk(field.Type, path + ".", tags))
                yield return inner;
        }
    }

    private static int Length(string? text) => text?.Length ?? 0;

    private static int Length(IReadOnlyList<Tag> tags) => tags.Sum(t => t.Key.Length + t.Value.Length);
}

/// <summary>What people are told about a column.</summary>
/// <param name="Path">Its path, parts joined by dots.</param>
/// <param name="Comment">Its description, or null.</param>
/// <param name="Tags">Its tags by key.</param>
public sealed record ColumnFacts(string Path, string? Comment, IReadOnlyList<Tag> Tags);
