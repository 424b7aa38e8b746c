using Tarn.Core.Errors;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Statements;
using Tarn.Iceberg.Transactions;

namespace Tarn.Engine.Execution;

/// <summary>COMMENT ON TABLE and COLUMN.</summary>
internal static class CommentOn
{
    public static async Task<StatementResult> ExecuteAsync(StatementContext context, CommentStatement comment, CancellationToken cancellationToken)
    {
        if (comment.Target is not (CommentTarget.Table or CommentTarget.Column) || (comment.Target == CommentTarget.Column && comment.Name.Parts.Count < 2))
            throw TarnException.Unsupported($"COMMENT ON {comment.Target.ToString().ToUpperInvariant()} {comment.Name.Dotted}: this version of Tarn comments tables and columns (table.column).");
        bool column = comment.Target == CommentTarget.Column;
        var name = column ? QualifiedName.Of(comment.Name.Qualifier) : comment.Name;
        var (catalog, table) = await TableLookup.TableAsync(context, name, cancellationToken).ConfigureAwait(false);
        var transaction = new Transaction(context.Transactions(catalog), table);
        if (column)
            transaction.Add(new UpdateSchema()).SetDoc(comment.Name.Last, comment.Comment);
        else if (comment.Comment is { } text)
            transaction.Add(new UpdateProperties()).Set("comment", text);
        else
            transaction.Add(new UpdateProperties()).Remove("comment");
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return RowsResult.Done("COMMENT");
    }
}
