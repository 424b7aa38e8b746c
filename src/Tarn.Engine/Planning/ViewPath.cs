using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Engine.Planning;

/// <summary>A view by its catalog and its name there.</summary>
internal sealed record ViewName(string Catalog, TableIdentifier Identifier);

/// <summary>The views through which a query is looked into, from the outermost on. None may come twice: it would read itself.</summary>
/// <param name="defined">The view whose query is looked into, which is the outermost one; null for any other query.</param>
internal sealed class ViewPath(ViewName? defined)
{
    private readonly List<ViewName> path = defined is null ? [] : [defined];

    /// <summary>Goes into a view; disposing leaves it.</summary>
    /// <exception cref="TarnException">InvalidRequest, with the path from the view to itself.</exception>
    public IDisposable Enter(ViewName view)
    {
        int first = path.IndexOf(view);
        if (first >= 0)
        {
            string cycle = string.Join(" → ", path.Skip(first).Append(view).Select(v => v.Identifier));
            throw TarnException.Invalid(first == 0 && defined is not null
                ? $"View '{view.Identifier}' would read itself: {cycle}. Write what it is to read in its place, or give the new view another name."
                : $"View '{view.Identifier}' reads itself: {cycle}. Give one of these views another query: CREATE OR REPLACE VIEW … AS …");
        }

        path.Add(view);
        return new Step(path);
    }

    private sealed class Step(List<ViewName> path) : IDisposable
    {
        public void Dispose() => path.RemoveAt(path.Count - 1);
    }
}
