using Tarn.Core.Errors;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions.Snapshots;

/// <summary>Which data files a snapshot removes: by path, by partition, or because all their rows match a filter.</summary>
internal sealed class DeleteCriteria
{
    private readonly HashSet<string> paths = new(StringComparer.Ordinal);
    private readonly HashSet<string> required = new(StringComparer.Ordinal);
    private readonly Dictionary<int, HashSet<TupleKey>> partitions = [];

    /// <summary>True when nothing is to be removed.</summary>
    public bool IsEmpty => paths.Count == 0 && partitions.Count == 0 && Filter is null;

    /// <summary>Rows to remove; null removes none by filter.</summary>
    public Expression? Filter { get; private set; }

    /// <summary>True when names in the filter must match exactly.</summary>
    public bool CaseSensitive { get; set; } = true;

    /// <summary>Files that must be there, or the change is refused.</summary>
    public IReadOnlySet<string> Required => required;

    /// <summary>All paths to remove.</summary>
    public IReadOnlySet<string> Paths => paths;

    /// <summary>Removes a file by path.</summary>
    public void Delete(string path, bool mustExist)
    {
        paths.Add(path);
        if (mustExist)
            required.Add(path);
    }

    /// <summary>Removes all files of a partition.</summary>
    public void DeletePartition(int specId, object?[] partition)
    {
        if (!partitions.TryGetValue(specId, out var set))
            partitions[specId] = set = [];
        set.Add(new TupleKey(partition));
    }

    /// <summary>Removes the files whose rows all match; a file of which only some match refuses the change.</summary>
    public void DeleteWhere(Expression filter) => Filter = Filter is null ? filter : Expression.Or(Filter, filter);

    /// <summary>The filter bound to the table's current schema.</summary>
    public Expression? Bound(TableMetadata table) => Filter?.Bind(table.CurrentSchema, CaseSensitive);

    /// <summary>True when an entry of the manifest may be removed.</summary>
    public bool MightMatch(ManifestFile manifest, PartitionProjection projection, Expression? bound) =>
        paths.Count > 0 || partitions.ContainsKey(manifest.PartitionSpecId) || (bound is not null && projection.Inclusive(bound).MightMatchManifest(manifest));

    /// <summary>True when the data file is removed.</summary>
    /// <exception cref="TarnException">InvalidRequest when some but not all of its rows match the filter.</exception>
    public bool Matches(DataFile file, PartitionProjection projection, Expression? bound)
    {
        if (paths.Contains(file.FilePath) || IsPartition(file))
            return true;
        if (bound is null)
            return false;
        var residual = projection.Residual(bound, file.Partition);
        if (!residual.MightMatchFile(file))
            return false;
        return residual.MustMatchFile(file)
            ? true
            : throw new TarnException(ErrorKind.Unsupported, $"Rows cannot be deleted where {bound}: file '{file.FilePath}' may hold other rows as well, and only whole files can be removed.");
    }

    /// <summary>True when the delete file lies in a removed partition, or one all of whose rows match the filter.</summary>
    public bool MatchesDeletes(DataFile file, PartitionProjection projection, Expression? bound) =>
        IsPartition(file) || (bound is not null && (bound is Constant { Value: true } || (projection.Spec.Fields.Count > 0 && projection.Strict(bound).MatchesPartition(file.Partition))));

    private bool IsPartition(DataFile file) => partitions.TryGetValue(file.SpecId, out var set) && set.Contains(new TupleKey(file.Partition));

    private readonly struct TupleKey(object?[] values) : IEquatable<TupleKey>
    {
        private readonly object?[] values = values;

        public bool Equals(TupleKey other) => LiteralValue.AreEqual(values, other.values);

        public override bool Equals(object? obj) => obj is TupleKey other && Equals(other);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            LiteralValue.AddTo(ref hash, values);
            return hash.ToHashCode();
        }
    }
}
