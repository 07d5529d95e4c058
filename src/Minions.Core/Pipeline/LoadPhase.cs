namespace Minions.Core.Pipeline;

/// <summary>The phases of a load, in their order; several files may be opened at once.</summary>
public enum LoadPhase
{
    /// <summary>Options and folders are checked.</summary>
    Checking,

    /// <summary>A file is being opened: a graph, its weights or a tokenizer.</summary>
    Opening,

    /// <summary>What the file belongs to is ready.</summary>
    Opened,

    /// <summary>All models are loaded and run a text of the pipeline's own (<see cref="PipelineOptions.WarmUp"/>).</summary>
    WarmingUp,

    /// <summary>The pipeline is loaded. The last report.</summary>
    Ready,
}
