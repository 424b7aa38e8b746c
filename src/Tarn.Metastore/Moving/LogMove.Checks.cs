using Tarn.Core.Errors;
using Tarn.Metastore.Embedded;
using Tarn.Metastore.Postgres;

namespace Tarn.Metastore.Moving;

/// <summary>What a move refuses: whatever would put commits aside that the other side does not hold. A mark alone proves nothing, commits are compared.</summary>
public sealed partial class LogMove
{
    private string CommandTo => MoveMark.CommandTo(Here);

    private string CommandFrom => MoveMark.CommandFrom(_folder);

    private void RequireCanFill(EmbeddedCommitLog log, StoredLog here, StoredLog there)
    {
        if (here.Mark is { } away && (away.IsUnfinished || away.Place != There))
            throw log.Away(away);
        bool isBegun = there.Mark is { IsUnfinished: true } begun && begun.Place == Here;
        if (there.Mark is { } elsewhere && !isBegun)
            throw PostgresHome.Away(elsewhere, _postgres);
        if (here.Commits.Count == 0)
            throw TarnException.NotFound($"There is no catalog in {Here} yet, so there is nothing to move: set metastore.postgres and begin.");
        if (isBegun ? here.Holds(there) : there.Commits.Count == 0)
            return;
        throw TarnException.AlreadyExists($"{There} holds {there.Commits.Count} commits already{Explain(here, there, isBegun)}. Nothing was changed.");
    }

    private string Explain(StoredLog here, StoredLog there, bool isBegun) => here.Mark is null && !isBegun
        ? "; name an empty schema (metastore.schema)"
        : there.Holds(here)
            ? $": {Here} was moved there"
            : $", and they are not those of {Here}, which has {here.Commits.Count} of its own, though a move from there to it was begun. When nothing in the schema {_postgres.Schema} is needed, drop it and run the same command again";

    private void RequireIsFilled(StoredLog here, StoredLog there)
    {
        if (there.Mark is not { IsUnfinished: true } mark || mark.Place != Here || !there.Holds(here) || !here.Holds(there))
            throw new TarnException(ErrorKind.Conflict, $"{There} was changed by somebody else while the catalog of {Here} was moved there. Run the same command again: it finishes the move, or says what is in the way.");
    }

    private void RequireCanBring(StoredLog here, StoredLog there)
    {
        if (there.Mark is { } elsewhere && (elsewhere.IsUnfinished || elsewhere.Place != Here))
            throw PostgresHome.Away(elsewhere, _postgres);
        if (there.Commits.Count == 0)
            throw TarnException.NotFound($"There is no catalog in {There}, so there is nothing to move.{(here.Mark is { IsUnfinished: false } mark && mark.Place == There && here.Commits.Count > 0 ? $" {Here} holds {here.Commits.Count} commits of its own, though it is marked as moved there: finish that move first, with that PostgreSQL as metastore.postgres: {CommandTo}" : "")}");
        if (here.Mark is { } other && other.Place != There)
            throw TarnException.AlreadyExists($"There is a catalog in {Here} already, {(other.IsUnfinished ? "which is being filled from" : "moved to")} {other.Place}. Name another folder with --data. Nothing was changed.");
        if (here.Mark is null && here.Commits.Count > 0)
            throw TarnException.AlreadyExists($"There is a catalog in {Here} already{ExplainHere(here, there)}. Nothing was changed.");
        if (!there.Holds(here))
            throw TarnException.AlreadyExists(
                $"{Here} holds {here.Commits.Count} commits that are not in {There}, which has {there.Commits.Count}, so bringing these here would lose them. "
                + $"When nothing in the schema {_postgres.Schema} is needed, drop it and finish the move there: {CommandTo}. Or name another folder with --data. Nothing was changed.");
    }

    private string ExplainHere(StoredLog here, StoredLog there) => there.Mark is null
        ? "; name another folder with --data"
        : here.Holds(there)
            ? ", and it was moved here"
            : $" with {here.Commits.Count} commits of its own, and not the {there.Commits.Count} of {There}, though that is marked as moved here. When nothing in it is needed, remove '{Path.Join(_folder, ".metastore", EmbeddedCommitLog.LogName)}' and run the same command again";
}
