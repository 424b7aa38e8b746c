using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions;

/// <summary>Applies <see cref="ViewUpdate"/>s to view metadata, with the rules of the view specification.</summary>
public static class ViewMetadataBuilder
{
    /// <summary>The property that says how many versions are kept.</summary>
    public const string HistorySizeProperty = "version.history.num-entries";

    /// <summary>The property that says whether a view may lose the definition for a dialect; false when it is not set.</summary>
    public const string DropDialectProperty = "replace.drop-dialect.allowed";

    private const int HistorySizeDefault = 10;

    /// <summary>Applies all updates of a commit in order.</summary>
    /// <param name="origin">The metadata that the commit is based on; null creates a view.</param>
    /// <param name="updates">The updates.</param>
    /// <param name="now">Time of the commit.</param>
    /// <exception cref="TarnException">InvalidRequest naming the update's value and the rule that it breaks.</exception>
    public static ViewMetadata Apply(ViewMetadata? origin, IEnumerable<ViewUpdate> updates, DateTimeOffset now)
    {
        var state = new State(origin ?? new ViewMetadata
        {
            ViewUuid = Guid.Empty,
            FormatVersion = ViewMetadata.MaxFormatVersion,
            Location = "",
            Schemas = [],
            CurrentVersionId = 0,
            Versions = [],
            VersionLog = [],
        });
        foreach (var update in updates)
            Apply(state, update, now.ToUnixTimeMilliseconds());
        if (state.View.ViewUuid == Guid.Empty || state.View.Location.Length == 0 || state.View.CurrentVersionId == 0)
            throw TarnException.Invalid("The view cannot be created: the commit must assign a uuid, a location and a current version.");
        if (origin is not null)
            RefuseLostDialects(origin, state.View);
        return WithoutOldVersions(state.View, state.Added);
    }

    private static void Apply(State state, ViewUpdate update, long nowMs)
    {
        var view = state.View;
        switch (update)
        {
            case ViewUpdate.AssignUuid u:
                if (view.ViewUuid != Guid.Empty && view.ViewUuid != u.Uuid)
                    throw TarnException.Invalid($"The view's uuid is {view.ViewUuid} and cannot be changed to {u.Uuid}.");
                state.View = view with { ViewUuid = u.Uuid };
                break;
            case ViewUpdate.UpgradeFormatVersion u:
                if (u.FormatVersion != ViewMetadata.MaxFormatVersion)
                    throw TarnException.Invalid($"View format version {u.FormatVersion} is not supported; only {ViewMetadata.MaxFormatVersion} is.");
                break;
            case ViewUpdate.AddSchema u:
                AddSchema(state, u.Schema);
                break;
            case ViewUpdate.SetLocation u:
                state.View = view with { Location = u.Location.TrimEnd('/') };
                break;
            case ViewUpdate.SetProperties u:
                state.View = view with { Properties = view.Properties.SetItems(u.Updates) };
                break;
            case ViewUpdate.RemoveProperties u:
                state.View = view with { Properties = view.Properties.RemoveRange(u.Removals) };
                break;
            case ViewUpdate.AddViewVersion u:
                AddVersion(state, u.ViewVersion);
                break;
            case ViewUpdate.SetCurrentViewVersion u:
                SetCurrent(state, u.ViewVersionId, nowMs);
                break;
        }
    }

    private static void AddSchema(State state, Schema schema)
    {
        SchemaRules.Check(schema, TableMetadata.MaxFormatVersion, state.View.Schemas, leastId: 0);
        if (state.View.Schemas.Find(s => s.SameSchema(schema)) is { } same)
        {
            state.LastSchemaId = same.SchemaId;
            return;
        }

        int id = state.View.Schemas.Select(s => s.SchemaId).DefaultIfEmpty(-1).Max() + 1;
        state.View = state.View with { Schemas = state.View.Schemas.Add(new Schema(id, schema.Fields, schema.IdentifierFieldIds) { UnknownFields = schema.UnknownFields }) };
        state.LastSchemaId = id;
    }

    private static void AddVersion(State state, ViewVersion version)
    {
        var view = state.View;
        int schemaId = version.SchemaId != ViewUpdate.LastAdded
            ? version.SchemaId
            : state.LastSchemaId ?? throw TarnException.Invalid("The commit refers to the last added schema, but adds none before.");
        if (!view.Schemas.Exists(s => s.SchemaId == schemaId))
            throw TarnException.Invalid($"View version {version.VersionId} has schema id {schemaId}, and the view has no such schema.");
        if (version.Representations.IsEmpty)
            throw TarnException.Invalid($"View version {version.VersionId} has no representations. Give at least one definition in SQL.");
        if (version.Representations.Where(r => r.Dialect is not null).GroupBy(r => r.Dialect, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw TarnException.Invalid($"View version {version.VersionId} has several definitions for the dialect '{twice.Key}'.");
        if (view.Versions.Find(v => SameVersion(v, version, schemaId)) is { } same)
        {
            state.LastVersionId = same.VersionId;
            return;
        }

        int id = view.Versions.Select(v => v.VersionId).DefaultIfEmpty(0).Max() + 1;
        state.View = view with { Versions = view.Versions.Add(version with { VersionId = id, SchemaId = schemaId }) };
        state.LastVersionId = id;
        state.Added.Add(id);
    }

    private static void SetCurrent(State state, int versionId, long nowMs)
    {
        int id = versionId != ViewUpdate.LastAdded
            ? versionId
            : state.LastVersionId ?? throw TarnException.Invalid("The commit refers to the last added version, but adds none before.");
        var version = state.View.Versions.Find(v => v.VersionId == id) ?? throw TarnException.Invalid($"The view has no version {id}.");
        if (state.View.CurrentVersionId == id)
            return;
        long timestampMs = state.Added.Contains(id) ? version.TimestampMs : nowMs;
        state.View = state.View with { CurrentVersionId = id, VersionLog = state.View.VersionLog.Add(new ViewHistoryEntry(timestampMs, id)) };
    }

    // Engines read the definition in their own dialect: without it the view would fail there.
    private static void RefuseLostDialects(ViewMetadata before, ViewMetadata after)
    {
        if (bool.TryParse(after.Properties.GetValueOrDefault(DropDialectProperty), out bool allowed) && allowed)
            return;
        var kept = Dialects(after);
        string[] lost = [.. Dialects(before).Where(d => !kept.Contains(d, StringComparer.OrdinalIgnoreCase))];
        if (lost.Length > 0)
        {
            throw TarnException.Invalid($"The view cannot be replaced: it would lose its definition for {string.Join(", ", lost.Select(d => $"'{d}'"))}, and its readers there would fail. "
                + $"Give the definition in these dialects as well, or set the view property '{DropDialectProperty}' to 'true'.");
        }
    }

    private static string[] Dialects(ViewMetadata view) =>
        view.Versions.Find(v => v.VersionId == view.CurrentVersionId) is { } version ? [.. version.Representations.Select(r => r.Dialect).OfType<string>()] : [];

    private static bool SameVersion(ViewVersion left, ViewVersion right, int schemaId) =>
        left.SchemaId == schemaId && left.DefaultCatalog == right.DefaultCatalog && left.DefaultNamespace.SequenceEqual(right.DefaultNamespace)
        && left.Summary.SequenceEqual(right.Summary)
        && left.Representations.Select(r => (r.Type, r.Sql, r.Dialect)).SequenceEqual(right.Representations.Select(r => (r.Type, r.Sql, r.Dialect)));

    // The current version, those of this commit and the newest others stay; the log loses what comes before a version that is gone.
    private static ViewMetadata WithoutOldVersions(ViewMetadata view, HashSet<int> added)
    {
        int size = int.TryParse(view.Properties.GetValueOrDefault(HistorySizeProperty), out int value) ? Math.Max(1, value) : HistorySizeDefault;
        size = Math.Max(size, added.Count);
        if (view.Versions.Count <= size)
            return view;
        var kept = view.Versions.OrderByDescending(v => v.VersionId == view.CurrentVersionId).ThenByDescending(v => v.VersionId).Take(size).Select(v => v.VersionId).ToHashSet();
        int gap = view.VersionLog.FindLastIndex(e => !kept.Contains(e.VersionId));
        return view with { Versions = view.Versions.RemoveAll(v => !kept.Contains(v.VersionId)), VersionLog = view.VersionLog.RemoveRange(0, gap + 1) };
    }

    private sealed class State(ViewMetadata view)
    {
        public ViewMetadata View { get; set; } = view;

        public int? LastSchemaId { get; set; }

        public int? LastVersionId { get; set; }

        public HashSet<int> Added { get; } = [];
    }
}
