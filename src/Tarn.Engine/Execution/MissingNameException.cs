using Tarn.Core.Errors;
using Tarn.DuckDb;

namespace Tarn.Engine.Execution;

/// <summary>
/// A name that neither a catalog nor the engine has. What stands beside it is listed by <see cref="DescribeAsync"/> alone, so that only an error asks the catalog.
/// </summary>
/// <param name="name">The name.</param>
/// <param name="describe">Finds out what the catalog has.</param>
/// <param name="errorHere">Makes the error at the place of the name; null when that is not known.</param>
/// <param name="error">The engine's error.</param>
internal sealed class MissingNameException(string name, Func<CancellationToken, ValueTask<TarnException>> describe, Func<string, TarnException>? errorHere, DuckDbException error)
    : TarnException(error.Kind, Text(name), error)
{
    /// <summary>The error for the user: where the name stands, and what there is.</summary>
    public async ValueTask<TarnException> DescribeAsync(CancellationToken cancellationToken)
    {
        string message;
        try
        {
            message = (await describe(cancellationToken).ConfigureAwait(false)).Message;
        }
        catch (TarnException unlisted)
        {
            message = $"{Text(name)} What the catalog has cannot be listed: {unlisted.Message}";
        }

        return errorHere?.Invoke(message) ?? new TarnException(Kind, message, InnerException);
    }

    private static string Text(string name) => $"Table '{name}' does not exist, nor is it a file that can be read.";
}
