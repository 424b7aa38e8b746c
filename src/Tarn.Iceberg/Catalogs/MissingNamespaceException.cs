using Tarn.Core.Errors;

namespace Tarn.Iceberg.Catalogs;

/// <summary>There is no such namespace: the one that was asked for, or one that something was to be put into.</summary>
/// <param name="missing">The namespace that is not there.</param>
/// <param name="message">What is wrong, and what to do.</param>
public sealed class MissingNamespaceException(Namespace missing, string message) : TarnException(ErrorKind.NotFound, message)
{
    /// <summary>The namespace that is not there.</summary>
    public Namespace Missing { get; } = missing;
}
