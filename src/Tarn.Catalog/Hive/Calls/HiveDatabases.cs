using System.Collections.Immutable;
using System.Globalization;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;

namespace Tarn.Catalog.Hive.Calls;

/// <summary>
/// Databases are the namespaces of one level; deeper ones do not exist for this protocol. Location, comment and owner are properties of the namespace,
/// under the names that the other doors use.
/// </summary>
/// <param name="options">Where new databases lie.</param>
internal sealed class HiveDatabases(HiveOptions options)
{
    private const string Location = "location", Comment = "comment", Owner = GovernanceProperties.Owner, OwnerType = "hive.metastore.database.owner-type";

    /// <summary>Names of all databases, the one that every metastore has included, in order.</summary>
    public static async ValueTask<IReadOnlyList<string>> ListAsync(ICatalog catalog, CancellationToken cancellationToken)
    {
        var names = (await catalog.ListNamespacesAsync(Namespace.Root, default, cancellationToken).ConfigureAwait(false)).Items.Select(n => n.Levels[0]);
        return [.. names.Append(HiveNames.DefaultDatabase).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>A database, by its name or its name in lower case; null when there is none. The default one is always there.</summary>
    public async ValueTask<HiveDatabase?> FindAsync(ICatalog catalog, string name, CancellationToken cancellationToken)
    {
        foreach (string tried in (string[])[name, name.ToLowerInvariant()])
        {
            if (tried.Length > 0 && await catalog.LoadNamespaceAsync(Namespace.Of(tried), cancellationToken).ConfigureAwait(false) is { } properties)
                return ToDatabase(tried, properties);
            if (tried == name.ToLowerInvariant())
                break;
        }

        return string.Equals(name, HiveNames.DefaultDatabase, StringComparison.OrdinalIgnoreCase)
            ? new HiveDatabase { Name = HiveNames.DefaultDatabase, Description = "Default Hive database", LocationUri = options.WarehouseLocation, OwnerName = "public", OwnerType = 2 }
            : null;
    }

    /// <summary>Location of a table whose creator names none.</summary>
    public static string LocationOf(HiveDatabase database, string table) => $"{database.LocationUri!.TrimEnd('/')}/{table}";

    /// <summary>
    /// A database as a client changes it. The owner stands among the parameters too: the one of both that is another than before counts. A parameter that is missing takes him away where the client sends back
    /// what it has read, as PyIceberg does; Spark makes the structure anew and never puts him there.
    /// </summary>
    public static HiveDatabase Changed(HiveDatabase present, HiveDatabase sent) =>
        sent.OwnerName == present.OwnerName
            ? sent with { OwnerName = sent.Parameters.GetValueOrDefault(Owner) ?? (sent.IsSentBack ? null : sent.OwnerName) }
            : sent with { Parameters = sent.Parameters.Where(p => p.Key != Owner).ToDictionary() };

    /// <summary>The properties of the namespace of a database.</summary>
    public static ImmutableSortedDictionary<string, string> ToProperties(HiveDatabase database)
    {
        var properties = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        properties.AddRange(database.Parameters);
        if (database.LocationUri is { Length: > 0 } location)
            properties[Location] = location;
        if (database.Description is { Length: > 0 } comment)
            properties[Comment] = comment;
        if (database.OwnerName is { Length: > 0 } owner)
            properties[Owner] = owner;
        if (database.OwnerType > 1)
            properties[OwnerType] = database.OwnerType.ToString(CultureInfo.InvariantCulture);
        return properties.ToImmutable();
    }

    /// <summary>The database of a namespace; one whose properties name no location has none.</summary>
    public static HiveDatabase Read(string name, ImmutableSortedDictionary<string, string> properties) => new()
    {
        Name = name,
        Description = properties.GetValueOrDefault(Comment),
        LocationUri = properties.GetValueOrDefault(Location),
        OwnerName = properties.GetValueOrDefault(Owner),
        OwnerType = int.TryParse(properties.GetValueOrDefault(OwnerType), NumberStyles.None, CultureInfo.InvariantCulture, out int type) ? type : 1,
        Parameters = properties.RemoveRange([Location, Comment, OwnerType]),
    };

    private HiveDatabase ToDatabase(string name, ImmutableSortedDictionary<string, string> properties) =>
        Read(name, properties) is var database && database.LocationUri is null ? database with { LocationUri = $"{options.WarehouseLocation.TrimEnd('/')}/{name}" } : database;
}
