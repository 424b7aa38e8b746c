using System.Collections.Frozen;
using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Requests;

namespace Tarn.S3.Routing;

/// <summary>Finds the one operation of a request by method, level, sub-resource and, where the API needs it, a header.</summary>
internal sealed class Router
{
    private readonly FrozenDictionary<(string Method, AddressLevel Level, string SubResource), RoutedOperation[]> _operations;
    private readonly FrozenSet<(AddressLevel Level, string SubResource)> _known;

    /// <summary>Makes every operation of a table.</summary>
    public Router(IEnumerable<Route> table, S3Services services)
    {
        _operations = table.GroupBy(r => (r.Method, r.Level, r.SubResource)).ToFrozenDictionary(
            g => g.Key, g => g.OrderBy(r => r.When is null).Select(r => new RoutedOperation(r, r.Create(services))).ToArray());
        _known = _operations.Keys.Select(k => (k.Level, k.SubResource)).ToFrozenSet();
    }

    /// <summary>The operation of a request.</summary>
    /// <exception cref="S3Exception">NotImplemented for a sub-resource without operations, MethodNotAllowed for one that lacks this method.</exception>
    public RoutedOperation Find(S3Request request)
    {
        var level = request.Address.Level;
        // A preflight is about any sub-resource.
        string selected = request.Method == "OPTIONS" ? "" : SubResources.Selected(request.Query);
        if (_operations.TryGetValue((request.Method, level, selected), out var candidates))
        {
            foreach (var candidate in candidates)
            {
                if (candidate.Route.When?.Invoke(request) ?? true)
                    return candidate;
            }
        }

        throw _known.Contains((level, selected))
            ? new S3Exception(S3Error.MethodNotAllowed).With("Method", request.Method).With("ResourceType", level.ToString().ToUpperInvariant())
            : new S3Exception(S3Error.NotImplemented, selected.Length == 0 ? null : $"The sub-resource '{selected}' is not implemented.").With("Header", selected);
    }
}
