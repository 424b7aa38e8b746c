using Tarn.Catalog.Hive.Conversion;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Core.Errors;
using Tarn.Core.Tasks;
using Tarn.Iceberg.Catalogs;
using static Tarn.Catalog.Hive.Protocol.HiveExceptionKind;

namespace Tarn.Catalog.Hive.Calls;

/// <summary>
/// One <c>alter_table</c>. Of an Iceberg table it is the commit: the pointer moves from the metadata file that the client has read to the one that it
/// has written. Compare-and-swap is always enforced: by the expected parameter when the client sends one, else by
/// <c>previous_metadata_location</c>. A commit that is there already is success, so that a client may send it again.
/// </summary>
/// <param name="catalog">The catalog.</param>
/// <param name="database">The database of the table now.</param>
/// <param name="table">Its name now.</param>
/// <param name="next">The table as it is to be.</param>
/// <param name="expected">What the client expects; null when it says nothing.</param>
/// <param name="now">The time.</param>
internal sealed class TableAlteration(ICatalog catalog, string database, string table, HiveTable next, ExpectedParameter? expected, DateTimeOffset now)
{
    /// <summary>Makes the change; after a lost race the state is compared again, and then told.</summary>
    /// <param name="changes">Changes of tables.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="HiveFault">InvalidOperation when the table is not there or the change cannot be made; Meta for a state that is gone.</exception>
    public ValueTask ApplyAsync(ContendedChanges changes, CancellationToken cancellationToken) =>
        changes.RunAsync(HiveEntry.Described(catalog, database, table), () => RequireAsync(cancellationToken), entry => ApplyAsync(entry, cancellationToken), cancellationToken);

    private async ValueTask<HiveEntry> RequireAsync(CancellationToken cancellationToken) =>
        await HiveEntry.FindAsync(catalog, database, table, cancellationToken).ConfigureAwait(false) ?? throw HiveFault.NoTable(database, table, InvalidOperation);

    private async ValueTask ApplyAsync(HiveEntry entry, CancellationToken cancellationToken)
    {
        RequireKey();
        try
        {
            await (entry switch
            {
                HiveEntry.IcebergTable found => ApplyAsync(found.Handle, cancellationToken),
                HiveEntry.IcebergView found => ApplyAsync(found.Handle, cancellationToken),
                HiveEntry.Foreign found => ApplyAsync(found.Handle, cancellationToken),
                _ => throw new InvalidOperationException($"There are no entries of type {entry.GetType().Name}."),
            }).ConfigureAwait(false);
        }
        catch (TarnException error) when (error.Kind == ErrorKind.NotFound)
        {
            // The table, or the metadata file that it was to have.
            await RequireAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask ApplyAsync(TableHandle present, CancellationToken cancellationToken)
    {
        string location = RequireLocation(IcebergParameters.Iceberg);
        if (RenamedTo(present.Identifier) is { } name)
        {
            RequireSame(location, present.MetadataLocation);
            await RenameAsync(() => catalog.RenameTableAsync(present.Identifier, name, cancellationToken), name).ConfigureAwait(false);
            return;
        }

        if (location != present.MetadataLocation && !IsNext(present.MetadataLocation))
        {
            // The log names what was current before: this very commit was made, others followed, and only its answer was lost.
            if (present.Metadata.MetadataLog.Any(e => e.MetadataFile == location))
                return;
            throw Stale(present.MetadataLocation);
        }

        if (location == present.MetadataLocation && IcebergHiveTable.Annotations(Kept(present.Annotations, present.Metadata.Properties, present.Metadata.Properties), present.Metadata.Properties).SequenceEqual(present.Annotations))
            return;
        await catalog.RegisterTableAsync(
            present.Identifier, location, present, m => IcebergHiveTable.Annotations(Kept(present.Annotations, present.Metadata.Properties, m.Properties), m.Properties, present.Metadata.Properties.Keys), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask ApplyAsync(ViewHandle present, CancellationToken cancellationToken)
    {
        string location = RequireLocation(IcebergParameters.IcebergView);
        if (RenamedTo(present.Identifier) is { } name)
        {
            RequireSame(location, present.MetadataLocation);
            await RenameAsync(() => catalog.RenameViewAsync(present.Identifier, name, cancellationToken), name).ConfigureAwait(false);
            return;
        }

        if (location != present.MetadataLocation && !IsNext(present.MetadataLocation))
            throw Stale(present.MetadataLocation);
        if (location == present.MetadataLocation && IcebergHiveTable.Annotations(Kept(present.Annotations, present.Metadata.Properties, present.Metadata.Properties), location, present.Metadata.Properties).SequenceEqual(present.Annotations))
            return;
        await catalog.RegisterViewAsync(
            present.Identifier, location, present, m => IcebergHiveTable.Annotations(Kept(present.Annotations, present.Metadata.Properties, m.Properties), location, m.Properties, present.Metadata.Properties.Keys), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask ApplyAsync(ForeignTableHandle present, CancellationToken cancellationToken)
    {
        string? type = next.Parameters.GetValueOrDefault(IcebergParameters.TableType);
        if (type is not null && (string.Equals(type, IcebergParameters.Iceberg, StringComparison.OrdinalIgnoreCase) || string.Equals(type, IcebergParameters.IcebergView, StringComparison.OrdinalIgnoreCase)))
            throw new HiveFault(InvalidOperation, $"{database}.{table} is not in the Iceberg format and cannot become so in place: create an Iceberg table of another name from it");
        if (RenamedTo(present.Identifier) is { } name)
        {
            await RenameAsync(() => catalog.RenameForeignTableAsync(present.Identifier, name, cancellationToken), name).ConfigureAwait(false);
            return;
        }

        var changed = ForeignTables.With(present.Table, Kept(present.Table.Properties));
        if (changed.Properties.SequenceEqual(present.Table.Properties))
            return;
        var stored = HiveProperties.ToTable(present.Table.Properties, database, table).Parameters;
        if (expected is { Value: { } value } && stored.GetValueOrDefault(expected.Key) is var found && found != value)
            throw HiveFault.Modified(expected.Key, found, value);
        await catalog.CommitForeignTableAsync(present.Identifier, present, changed, cancellationToken).ConfigureAwait(false);
    }

    // Clients send 0, or a cut negative number, as time of creation.
    private HiveTable Kept(IReadOnlyDictionary<string, string> stored) => next.CreateTime > 0
        ? next
        : next with { CreateTime = HiveProperties.ToTable(stored, database, table).CreateTime is > 0 and var known ? known : (int)now.ToUnixTimeSeconds() };

    // An owner that comes back as it was read says nothing, and the property of the new metadata may.
    private HiveTable Kept(IReadOnlyDictionary<string, string> annotations, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        next.Owner is null || next.Owner == IcebergHiveTable.OwnerOf(before, annotations) ? Kept(annotations) with { Owner = IcebergHiveTable.OwnerOf(after, annotations) } : Kept(annotations);

    private TableIdentifier? RenamedTo(TableIdentifier present)
    {
        var wanted = TableIdentifier.Of(next.DatabaseName.ToLowerInvariant(), next.TableName.ToLowerInvariant());
        bool isSame = string.Equals(wanted.Name, present.Name, StringComparison.OrdinalIgnoreCase)
            && string.Equals(wanted.Namespace.Levels[0], present.Namespace.Levels[0], StringComparison.OrdinalIgnoreCase);
        if (isSame)
            return null;
        return HiveNames.IsValid(wanted.Name) ? wanted : throw new HiveFault(InvalidOperation, $"{next.TableName} is not a valid object name");
    }

    private static async ValueTask RenameAsync(Func<ValueTask> rename, TableIdentifier to)
    {
        try
        {
            await rename().ConfigureAwait(false);
        }
        catch (TarnException error) when (error.Kind == ErrorKind.AlreadyExists)
        {
            throw new HiveFault(InvalidOperation, $"new table {to} already exists");
        }
        catch (TarnException error) when (error.Kind == ErrorKind.NotFound)
        {
            throw new HiveFault(InvalidOperation, $"Database {to.Namespace} does not exist: {ClientMessages.Of(error)}");
        }
    }

    private bool IsNext(string stored) => (expected is { Key: IcebergParameters.MetadataLocation, Value: { } value }
        ? value
        : next.Parameters.GetValueOrDefault(IcebergParameters.PreviousMetadataLocation)) == stored;

    private HiveFault Stale(string stored) => HiveFault.Modified(
        IcebergParameters.MetadataLocation,
        stored,
        expected is { Key: IcebergParameters.MetadataLocation, Value: { } value } ? value : next.Parameters.GetValueOrDefault(IcebergParameters.PreviousMetadataLocation));

    private void RequireKey()
    {
        if (expected is not null && !next.Parameters.ContainsKey(expected.Key))
            throw new HiveFault(Meta, $"New value for expected key {expected.Key} is not set");
    }

    private string RequireLocation(string type)
    {
        bool isSame = string.Equals(next.Parameters.GetValueOrDefault(IcebergParameters.TableType), type, StringComparison.OrdinalIgnoreCase);
        return isSame && next.Parameters.GetValueOrDefault(IcebergParameters.MetadataLocation) is { Length: > 0 } location
            ? location
            : throw new HiveFault(InvalidOperation, $"{database}.{table} is an Iceberg {(type == IcebergParameters.Iceberg ? "table" : "view")}: the changed one needs the parameters {IcebergParameters.TableType} '{type}' and {IcebergParameters.MetadataLocation}");
    }

    private void RequireSame(string location, string stored)
    {
        if (location != stored)
            throw new HiveFault(InvalidOperation, $"{database}.{table} cannot be renamed and committed to in one call (its metadata is '{stored}', not '{location}'); load it again and do one after the other");
    }
}
