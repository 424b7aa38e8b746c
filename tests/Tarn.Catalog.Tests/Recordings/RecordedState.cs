using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Tarn.Catalog.Tests.Rest.Hosting;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Tests.Recordings;

/// <summary>What was in the catalog before a recording began, as far as its calls tell: namespaces that it uses and tables that it loads before it makes them.</summary>
internal static class RecordedState
{
    private static readonly ImmutableSortedDictionary<string, string> s_none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Makes it.</summary>
    /// <returns>Tables of which no metadata is in the recording: what happens to them cannot be replayed.</returns>
    public static async Task<HashSet<string>> PrepareAsync(CatalogTestServer server, IReadOnlyList<RecordedCall> calls)
    {
        foreach (var name in Namespaces(calls))
            await server.Catalog.CreateNamespaceAsync(name, s_none);
        HashSet<string> unknown = new(StringComparer.Ordinal), seen = new(StringComparer.Ordinal);
        foreach (var first in calls.Where(c => c.IsOnTable && !c.WasHeldBack))
        {
            string path = first.Path;
            if (!seen.Add(path) || !IsThere(first, calls))
                continue;
            var loaded = calls.FirstOrDefault(c => c.Path == path && c.Method == "GET" && c.Status == 200);
            var changed = calls.FirstOrDefault(c => c.Path == path && c.Method != "GET" && c.Method != "HEAD");
            if (loaded?.AnswerJson is not { } table || (changed is not null && changed.Number < loaded.Number))
            {
                unknown.Add(path);
                continue;
            }

            string location = table.GetProperty("metadata-location").GetString()!;
            await server.Store.PutAsync(location, Encoding.UTF8.GetBytes(table.GetProperty("metadata").GetRawText()), PutCondition.Overwrite);
            await server.Catalog.RegisterTableAsync(new TableIdentifier(new Namespace(first.Namespace!), first.Table!), location);
        }

        return unknown;
    }

    private static IEnumerable<Namespace> Namespaces(IReadOnlyList<RecordedCall> calls)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var call in calls)
        {
            if (call.Method == "POST" && call.Path.EndsWith("/namespaces", StringComparison.Ordinal) && call.Status == 200)
                seen.Add(string.Join('\u001F', JsonDocument.Parse(call.Body!).RootElement.GetProperty("namespace").EnumerateArray().Select(l => l.GetString())));
            bool isUsed = call.Namespace is not null && call.Status is >= 200 and < 400 && !call.WasHeldBack;
            if (isUsed && seen.Add(string.Join('\u001F', call.Namespace!)))
                yield return new Namespace(call.Namespace!);
        }
    }

    // The first call on a table finds it, and no call before made it.
    private static bool IsThere(RecordedCall first, IReadOnlyList<RecordedCall> calls)
    {
        bool isMade = calls.Where(c => c.Number < first.Number).Any(c =>
            c.Method == "POST" && c.Status == 200 && c.Namespace is { } n && n.SequenceEqual(first.Namespace!)
            && (c.Path.EndsWith("/tables", StringComparison.Ordinal) || c.Path.EndsWith("/register", StringComparison.Ordinal))
            && JsonDocument.Parse(c.Body!).RootElement.GetProperty("name").GetString() == first.Table);
        bool isRenamed = calls.Where(c => c.Number < first.Number).Any(c =>
            c.Path.EndsWith("/rename", StringComparison.Ordinal) && JsonDocument.Parse(c.Body!).RootElement.GetProperty("destination").GetProperty("name").GetString() == first.Table);
        return !isMade && !isRenamed && first.Status is >= 200 and < 400;
    }
}
