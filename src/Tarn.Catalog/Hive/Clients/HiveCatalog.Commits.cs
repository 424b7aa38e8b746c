using Tarn.Catalog.Hive.Conversion;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Core.Errors;
using Tarn.Core.Tasks;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Catalogs.Committing;

namespace Tarn.Catalog.Hive.Clients;

/// <content>Commits: a metadata file is written, then the metastore moves the pointer to it, if the pointer stands where the writer saw it.</content>
public sealed partial class HiveCatalog
{
    // HIVE-26882: a metastore that knows these compares; clients know a conflict by the words.
    private const string ExpectedKey = "expected_parameter_key", ExpectedValue = "expected_parameter_value", Modified = "The table has been modified";

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TableHandle>> CommitAsync(IReadOnlyList<TableCommit> commits, CancellationToken cancellationToken = default) => commits.Count switch
    {
        0 => [],
        1 when commits[0].Requirements.Any(r => r is TableRequirement.AssertCreate) => [await CreateAsync(commits[0], cancellationToken).ConfigureAwait(false)],
        1 => [await CommitAsync(commits[0], cancellationToken).ConfigureAwait(false)],
        _ => throw TarnException.Unsupported(
            $"A Hive Metastore commits one table at a time, and tables {string.Join(", ", commits.Select(c => $"'{c.Table}'"))} were to be committed together. Nothing was changed; commit them one after the other."),
    };

    private async ValueTask<TableHandle> CreateAsync(TableCommit commit, CancellationToken cancellationToken)
    {
        RequireName(commit.Table);
        await RequireFreeAsync(commit.Table, cancellationToken).ConfigureAwait(false);
        foreach (var requirement in commit.Requirements)
            requirement.Validate(null);
        IReadOnlyList<TableUpdate> updates = commit.Updates.OfType<TableUpdate.SetLocation>().Any()
            ? commit.Updates
            : [new TableUpdate.SetLocation(await NewTableLocationAsync(commit.Table, cancellationToken).ConfigureAwait(false)), .. commit.Updates];
        var metadata = TableMetadataBuilder.Apply(null, updates, _time.GetUtcNow(), null);
        return await WrittenAsync(commit.Table, metadata, null, handle => CreateAsync(commit.Table, IcebergHiveTable.Of(handle), cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    // Applied again to what others left, as long as the requirements hold.
    private async ValueTask<TableHandle> CommitAsync(TableCommit commit, CancellationToken cancellationToken)
    {
        for (var backoff = new CommitBackoff(_time, _random); ;)
        {
            // Under the lock whoever takes it too waits, instead of writing a file for a state that is gone.
            await using var held = await LockAsync(commit.Table, cancellationToken).ConfigureAwait(false);
            var present = await LoadTableAsync(commit.Table, cancellationToken).ConfigureAwait(false) ?? throw Missing(commit.Table, HiveKind.Table);
            foreach (var requirement in commit.Requirements)
                requirement.Validate(present.Metadata);
            var metadata = TableMetadataBuilder.Apply(present.Metadata, commit.Updates, _time.GetUtcNow(), present.MetadataLocation);
            if (ReferenceEquals(metadata, present.Metadata))
                return present;
            try
            {
                var committed = await WrittenAsync(
                    commit.Table, metadata, present.MetadataLocation,
                    handle => SwapAsync(commit.Table, HiveKind.Table, present.MetadataLocation, handle.MetadataLocation, found => Next(found, present, handle), null, cancellationToken), cancellationToken).ConfigureAwait(false);
                await TidyAsync(present, committed).ConfigureAwait(false);
                return committed;
            }
            catch (CommitConflictException lost)
            {
                await ReleaseAsync(held).ConfigureAwait(false);
                await backoff.WaitAsync(lost, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // Writes a metadata file and uses it. What was certainly not committed leaves no file.
    private async ValueTask<TableHandle> WrittenAsync(TableIdentifier table, TableMetadata metadata, string? previous, Func<TableHandle, ValueTask> use, CancellationToken cancellationToken)
    {
        var written = new List<string>();
        try
        {
            var (location, content) = await _files.WriteTableAsync(metadata, previous, written, cancellationToken).ConfigureAwait(false);
            var handle = new TableHandle(table, location, metadata) { Content = content };
            await use(handle).ConfigureAwait(false);
            return handle;
        }
        catch (Exception error) when (UnusedFiles.AreLeftBy(error))
        {
            await UnusedFiles.RemoveAsync(_store, written).ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask CreateAsync(TableIdentifier name, HiveTable table, CancellationToken cancellationToken)
    {
        int now = (int)_time.GetUtcNow().ToUnixTimeSeconds();
        var created = table with { Owner = table.Owner ?? Environment.UserName, CreateTime = now, LastAccessTime = now, Retention = int.MaxValue };
        string location = created.Parameters[IcebergParameters.MetadataLocation];
        string purpose = $"create '{name}'";
        try
        {
            await _session.ChangeAsync(HiveRequest.CreateTable, new ThriftStruct().With(1, created.ToThrift()).With(2, new ThriftStruct()), cancellationToken).ConfigureAwait(false);
        }
        catch (HiveFault fault) when (fault.Kind == HiveExceptionKind.AlreadyExists)
        {
            throw TarnException.AlreadyExists($"'{name}' exists already in the metastore.");
        }
        catch (Exception error) when (error is HiveFault or LostAnswerException)
        {
            if (!await IsAtAsync(name, location, purpose, error).ConfigureAwait(false))
                throw error is HiveFault fault ? Told(fault, purpose) : Unknown(purpose, error);
        }
    }

    private async ValueTask MoveAsync(TableIdentifier name, HiveKind kind, string expected, string location, Func<ThriftStruct, ThriftStruct> change, CancellationToken cancellationToken, TableIdentifier? newName = null)
    {
        await using var held = await LockAsync(name, cancellationToken).ConfigureAwait(false);
        await SwapAsync(name, kind, expected, location, change, newName, cancellationToken).ConfigureAwait(false);
    }

    // Under the lock, if locks are taken, and always with the metastore's own comparison.
    private async ValueTask SwapAsync(TableIdentifier name, HiveKind kind, string expected, string location, Func<ThriftStruct, ThriftStruct> change, TableIdentifier? newName, CancellationToken cancellationToken)
    {
        // 1. The pointer is looked at again.
        var present = await FindAsync(name, kind, cancellationToken).ConfigureAwait(false) ?? throw Missing(name, kind);
        string found = LocationOf(name, present);
        if (found != expected)
            throw Conflict(name, found, expected);

        // 2. The metastore changes the table, if it is what it was.
        string purpose = newName is null ? $"commit to '{name}'" : $"rename '{name}' to '{newName}'";
        var context = new ThriftStruct().With(1, [KeyValuePair.Create(ExpectedKey, IcebergParameters.MetadataLocation), KeyValuePair.Create(ExpectedValue, expected), KeyValuePair.Create("DO_NOT_UPDATE_STATS", "true")]);
        var arguments = new ThriftStruct().With(1, name.Namespace.Levels[0]).With(2, name.Name).With(3, change(present)).With(4, context);
        try
        {
            await _session.ChangeAsync(HiveRequest.AlterTable, arguments, cancellationToken).ConfigureAwait(false);
        }
        catch (HiveFault fault) when (fault.Message.Contains(Modified, StringComparison.Ordinal))
        {
            throw new CommitConflictException($"'{name}' was changed by somebody else: {fault.Message}. Load it again.");
        }
        catch (Exception error) when (error is HiveFault or LostAnswerException)
        {
            // 3. A metastore may fail after it has stored the change, and an answer may be lost: what stands there now tells.
            if (!await IsAtAsync(newName ?? name, location, purpose, error).ConfigureAwait(false))
                throw error is HiveFault fault ? Told(fault, purpose) : Unknown(purpose, error);
        }
    }

    /// <summary>Whether a change whose call has failed was made: the pointer is where it was to go, or it has gone on from there.</summary>
    private async ValueTask<bool> IsAtAsync(TableIdentifier name, string location, string purpose, Exception failed)
    {
        try
        {
            if (await FindAsync(name, CancellationToken.None).ConfigureAwait(false) is not { } found)
                return false;
            string current = HiveTable.Read(found).Parameters.GetValueOrDefault(IcebergParameters.MetadataLocation) ?? "";
            if (current == location || KindOf(HiveTable.Read(found)) != HiveKind.Table)
                return current == location;
            var (metadata, _) = await _files.ReadTableAsync(current, CancellationToken.None).ConfigureAwait(false);
            return metadata.MetadataLog.Any(e => e.MetadataFile == location);
        }
        catch (TarnException)
        {
            throw Unknown(purpose, failed);
        }
    }

    private async ValueTask<IAsyncDisposable?> LockAsync(TableIdentifier table, CancellationToken cancellationToken)
    {
        if (!_options.TakesLocks)
            return null;
        try
        {
            return await HiveTableLock.TakeAsync(_session, table, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (HiveFault fault)
        {
            throw Told(fault, $"lock table '{table}'");
        }
    }

    private static ValueTask ReleaseAsync(IAsyncDisposable? held) => held?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static CommitConflictException Conflict(TableIdentifier name, string found, string expected) =>
        new($"'{name}' was changed by somebody else: its metadata is '{found}' and was '{expected}'. Load it again.");

    // Parameters that others put there stay; those of the metadata before go.
    private static ThriftStruct Next(ThriftStruct present, TableHandle before, TableHandle after) => Owned(
        Next(present, IcebergParameters.Of(after), before.Metadata.Properties.Keys, HiveTypes.Columns(after.Metadata.CurrentSchema), before.MetadataLocation, after.Metadata.Location),
        before.Metadata.Properties, after.Metadata.Properties);

    // An owner that a commit names is that of the metastore too.
    private static ThriftStruct Owned(ThriftStruct next, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        after.GetValueOrDefault(GovernanceProperties.Owner) is { } owner && owner != before.GetValueOrDefault(GovernanceProperties.Owner) ? next.Changed(3, owner) : next;

    private static ThriftStruct Next(
        ThriftStruct present, SortedDictionary<string, string> parameters, IEnumerable<string> known, IReadOnlyList<FieldSchema> columns, string previous, string location)
    {
        var forgotten = known.ToHashSet(StringComparer.Ordinal);
        foreach (var (key, value) in HiveTable.Read(present).Parameters.Where(p => !IcebergParameters.IsDerived(p.Key) && !forgotten.Contains(p.Key)))
            parameters.TryAdd(key, value);
        parameters[IcebergParameters.PreviousMetadataLocation] = previous;
        var storage = (present.Struct(7) ?? new ThriftStruct()).Changed(1, ThriftList.Of(columns.Select(c => c.ToThrift()))).Changed(2, location);
        return present.Changed(7, storage).Changed(9, ThriftMap.Of(parameters));
    }

    // The commit stands: an error from here on must not be told as its failure.
    private async ValueTask TidyAsync(TableHandle before, TableHandle after)
    {
        _files.Forget(before.MetadataLocation);
        await UnusedFiles.RemoveAsync(_store, UnusedFiles.ForgottenBy(before.Metadata, after.Metadata, former: [])).ConfigureAwait(false);
    }
}
