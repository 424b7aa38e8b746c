using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions;

/// <content>Identity, version, location, properties, statistics and keys.</content>
public sealed partial class TableMetadataBuilder
{
    private void ApplyOther(TableUpdate update)
    {
        switch (update)
        {
            case TableUpdate.SetLocation u:
                SetLocation(u.Location);
                break;
            case TableUpdate.SetProperties u:
                SetProperties(u.Updates);
                break;
            case TableUpdate.RemoveProperties u:
                RemoveProperties(u.Removals);
                break;
            case TableUpdate.SetStatistics u:
                state = state with { Statistics = state.Statistics.RemoveAll(s => s.SnapshotId == u.Statistics.SnapshotId).Add(u.Statistics) };
                break;
            case TableUpdate.RemoveStatistics u:
                RemoveStatistics(u.SnapshotId);
                break;
            case TableUpdate.SetPartitionStatistics u:
                state = state with
                {
                    PartitionStatistics = state.PartitionStatistics.RemoveAll(s => s.SnapshotId == u.PartitionStatistics.SnapshotId).Add(u.PartitionStatistics),
                };
                break;
            case TableUpdate.RemovePartitionStatistics u:
                RemovePartitionStatistics(u.SnapshotId);
                break;
            case TableUpdate.RemovePartitionSpecs u:
                RemovePartitionSpecs(u.SpecIds);
                break;
            case TableUpdate.RemoveSchemas u:
                RemoveSchemas(u.SchemaIds);
                break;
            case TableUpdate.AddEncryptionKey u:
                if (!state.EncryptionKeys.Exists(k => k.KeyId == u.EncryptionKey.KeyId))
                    state = state with { EncryptionKeys = state.EncryptionKeys.Add(u.EncryptionKey) };
                break;
            case TableUpdate.RemoveEncryptionKey u:
                if (state.EncryptionKeys.Exists(k => k.KeyId == u.KeyId))
                    state = state with { EncryptionKeys = state.EncryptionKeys.RemoveAll(k => k.KeyId == u.KeyId) };
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(update), update, "This update is not known.");
        }
    }

    private void AssignUuid(Guid uuid)
    {
        if (state.TableUuid == uuid)
            return;
        if (state.TableUuid is { } existing)
            throw TarnException.Invalid($"The table's uuid is {existing} and cannot be changed to {uuid}: it identifies the table for ever.");
        state = state with { TableUuid = uuid };
    }

    private void UpgradeFormatVersion(int version)
    {
        if (version is < 1 or > TableMetadata.MaxFormatVersion)
            throw TarnException.Invalid($"Format version {version} is not supported; versions 1 to {TableMetadata.MaxFormatVersion} are.");
        if (origin is not null && version < state.FormatVersion)
            throw TarnException.Invalid($"The table has format version {state.FormatVersion} and cannot go back to {version}: older readers would misread its files.");
        if (version == state.FormatVersion)
            return;
        // Later versions require what version 1 left open.
        state = state with { FormatVersion = version, TableUuid = state.TableUuid ?? (origin is null ? null : Guid.NewGuid()) };
    }

    private void SetLocation(string location)
    {
        string stripped = location;
        while (stripped.EndsWith('/') && !stripped.EndsWith("://", StringComparison.Ordinal))
            stripped = stripped[..^1];
        if (stripped.Length == 0)
            throw TarnException.Invalid($"'{location}' is not a location for a table.");
        if (stripped != state.Location)
            state = state with { Location = stripped };
    }

    private void SetProperties(IReadOnlyDictionary<string, string> updates)
    {
        var properties = state.Properties.SetItems(updates);
        if (!ReferenceEquals(properties, state.Properties))
            state = state with { Properties = properties };
    }

    private void RemoveProperties(IReadOnlyList<string> removals)
    {
        var properties = state.Properties.RemoveRange(removals);
        if (!ReferenceEquals(properties, state.Properties))
            state = state with { Properties = properties };
    }

    private void RemoveStatistics(long snapshotId)
    {
        if (state.Statistics.Exists(s => s.SnapshotId == snapshotId))
            state = state with { Statistics = state.Statistics.RemoveAll(s => s.SnapshotId == snapshotId) };
    }

    private void RemovePartitionStatistics(long snapshotId)
    {
        if (state.PartitionStatistics.Exists(s => s.SnapshotId == snapshotId))
            state = state with { PartitionStatistics = state.PartitionStatistics.RemoveAll(s => s.SnapshotId == snapshotId) };
    }
}
