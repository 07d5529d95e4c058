namespace Minions.Core.Speculation;

/// <summary>Which of a pipeline's drafts run in a round.</summary>
public enum DraftSelection
{
    /// <summary>
    /// Those that earn their time. A draft that adds less to the accepted ids than its time costs rests, and is tried again now and then.
    /// </summary>
    Auto,

    /// <summary>Every draft in every round that drafts.</summary>
    All,
}
