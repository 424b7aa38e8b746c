using System.Collections.Frozen;
using Tarn.Core.Errors;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Literals;
using Tarn.Engine.Sql.Statements;
using Tarn.Engine.Writing;
using Tarn.Iceberg.Governance;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Execution;

/// <summary>
/// Properties of tables as statements write them. Trino's names stand for Iceberg's; names with a dot or a hyphen are Iceberg's, of which only misspelled ones are
/// known to be wrong, or another engine's; any other is a slip of the pen, unless it stands where a user's own properties do.
/// </summary>
internal static class TableProperties
{
    private const string Format = "write.format.default", Location = "location";

    private static readonly FrozenDictionary<string, string> s_names = new Dictionary<string, string>
    {
        ["format_version"] = TableMetadata.FormatVersionProperty,
        ["format"] = Format,
        ["compression_codec"] = "write.parquet.compression-codec",
        ["target_file_size"] = "write.target-file-size-bytes",
        [Location] = Location,
        [GovernanceProperties.Comment] = GovernanceProperties.Comment,
        [GovernanceProperties.Owner] = GovernanceProperties.Owner,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>True when a statement takes a table's property under its own name, beside those of a user's own.</summary>
    public static bool IsStatementName(string key) => key == GovernanceProperties.Owner || (IsCompound(key) && IcebergProperties.Misspelled(key) is null);

    private static bool IsCompound(string name) => name.Contains('.', StringComparison.Ordinal) || name.Contains('-', StringComparison.Ordinal);

    /// <summary>What a new table keeps; its location is none of them.</summary>
    /// <exception cref="TarnException">A property is unknown, given twice, or has a value that no file could be written with.</exception>
    public static Dictionary<string, string> Of(CreateTableStatement create)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (property, name) in Named(create.Properties))
        {
            // DEFAULT is what a table without the property has.
            if (!property.Is(Location) && ValueOf(property, name) is { } value)
                properties.Add(name, value);
        }

        WriteSettings.Check(properties);
        return properties;
    }

    /// <summary>What a table is to keep from now on; null removes a property.</summary>
    /// <inheritdoc cref="Of(CreateTableStatement)"/>
    public static IReadOnlyList<KeyValuePair<string, string?>> Of(SetTableProperties set)
    {
        List<KeyValuePair<string, string?>> properties = [];
        foreach (var (property, name) in Named(set.Properties))
        {
            if (property.Is(Location))
                throw At(property, "the location of a table cannot be changed; make another table there: CREATE TABLE … WITH (location = …) AS SELECT …");
            properties.Add(new(name, ValueOf(property, name)));
        }

        WriteSettings.Check(properties.Where(p => p.Value is not null).ToDictionary(p => p.Key, p => p.Value!));
        return properties;
    }

    // Iceberg's names differ in case.
    private static IEnumerable<(Property Property, string Name)> Named(IReadOnlyList<Property> properties)
    {
        var given = new HashSet<(string, bool)>();
        foreach (var property in properties)
        {
            string name = NameOf(property);
            if (!given.Add((name, property.Is(Location))))
                throw At(property, $"the property {name} is given twice");
            yield return (property, name);
        }
    }

    private static string NameOf(Property property)
    {
        if (!property.IsExtra && s_names.GetValueOrDefault(property.Name) is { } known)
            return known;
        // One that is there already can be removed.
        if (!property.IsExtra && property.Value is not NullLiteral && IcebergProperties.Misspelled(property.Name) is { } meant)
            throw At(property, $"there is no table property '{property.Name}' in Iceberg; did you mean '{meant}'? If it is a property of your own, write extra_properties = MAP {{'{property.Name}': …}}");
        return property.IsOwn || IsCompound(property.Name) ? property.Name : throw Unknown(property);
    }

    private static SqlSyntaxException Unknown(Property property) => At(
        property,
        $"there is no table property '{property.Name}'; there are {string.Join(", ", s_names.Keys.Order(StringComparer.Ordinal))}, partitioning, sorted_by, "
            + $"those of Iceberg in quotes as \"write.parquet.compression-level\", and for your own extra_properties = MAP {{'{property.Name}': …}}");

    private static string? ValueOf(Property property, string name)
    {
        if (property.Value is ArrayLiteral or MapLiteral)
            throw At(property, $"the property {property.Name} is {property.Value}; give a single value");
        string? value = property.Value.ToPropertyText();
        if (name != Format || value is null)
            return value;
        return value.Equals("parquet", StringComparison.OrdinalIgnoreCase)
            ? "parquet"
            : throw TarnException.Unsupported($"Property {property.Name} is '{value}', but this version of Tarn writes data files as PARQUET only. Give format = 'PARQUET', or leave it out.");
    }

    private static SqlSyntaxException At(Property property, string problem) => new(property.Source.Source, property.Source.Offset, problem);
}
