namespace Minions.Core.GenAI.Loading;

/// <summary>Which rows of logits a run gives.</summary>
internal enum RowOutput
{
    /// <summary>One for each id of the run.</summary>
    Every,

    /// <summary>One for the last id alone.</summary>
    Last,
}
