namespace Tarn.Catalog.Rest.Requests;

/// <summary>How much a request may hold.</summary>
internal static class RestLimits
{
    /// <summary>Body of a request: a commit of thousands of tables, or a table with a very wide schema, fits many times over.</summary>
    public const int BodySizeBytes = 64 << 20;

    /// <summary>Body of a request for a token, which anybody can send: a form with a few names and at most one token.</summary>
    public const int TokenRequestSizeBytes = 64 << 10;

    /// <summary>Depth of JSON: types may nest.</summary>
    public const int JsonDepth = 512;

    /// <summary>Entries on a page when the client asks for pages without a size, and the most it can ask for.</summary>
    public const int PageSize = 1000, MaxPageSize = 10_000;

    /// <summary>Tables of one transaction.</summary>
    public const int TransactionTables = 1000;
}
