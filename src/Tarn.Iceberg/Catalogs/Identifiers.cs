namespace Tarn.Iceberg.Catalogs;

/// <summary>A namespace: one or more levels; the root has none.</summary>
public sealed record Namespace(IReadOnlyList<string> Levels)
{
    /// <summary>The parent of all top-level namespaces.</summary>
    public static Namespace Root { get; } = new([]);

    /// <summary>A namespace from its levels.</summary>
    public static Namespace Of(params string[] levels) => new(levels);

    /// <summary>True for <see cref="Root"/>.</summary>
    public bool IsRoot => Levels.Count == 0;

    /// <summary>The namespace above; of a top-level namespace <see cref="Root"/>.</summary>
    public Namespace Parent => new([.. Levels.SkipLast(1)]);

    /// <inheritdoc/>
    public bool Equals(Namespace? other) => other is not null && Levels.SequenceEqual(other.Levels, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => Levels.Aggregate(17, (hash, level) => HashCode.Combine(hash, level.GetHashCode(StringComparison.Ordinal)));

    /// <summary>Levels joined by dots, for messages.</summary>
    public override string ToString() => string.Join('.', Levels);
}

/// <summary>A table or view by name. Names are stored and compared exactly.</summary>
public sealed record TableIdentifier(Namespace Namespace, string Name)
{
    /// <summary>The last part is the name, the others are the namespace.</summary>
    public static TableIdentifier Of(params string[] parts) => new(new Namespace(parts[..^1]), parts[^1]);

    /// <summary>Parts joined by dots, for messages.</summary>
    public override string ToString() => Namespace.IsRoot ? Name : $"{Namespace}.{Name}";
}
