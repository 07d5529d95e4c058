using System.ComponentModel.DataAnnotations;

namespace Minions.Core.GenAI;

/// <summary>One model folder and how ONNX Runtime GenAI runs it.</summary>
/// <remarks>
/// The values are read once, when the model loads; later changes have no effect. Instances are not synchronised: set them up on one thread.
/// </remarks>
public sealed class GenAIModelOptions
{
    /// <summary>
    /// The key of <see cref="Generation.GenerationOptions.Properties"/> by which a request names one of <see cref="Adapters"/>; its value is a
    /// <see cref="string"/>.
    /// </summary>
    public const string AdapterProperty = "genai.adapter";

    /// <summary>
    /// The model folder: <c>genai_config.json</c> with the files it names, and a <c>tokenizer.json</c>. A relative path is taken from the current
    /// directory.
    /// </summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>What the model is called in statistics and log lines. Default (<see langword="null"/>): the folder's own name.</summary>
    [StringLength(int.MaxValue, MinimumLength = 1)]
    public string? Name { get; set; }

    /// <summary>
    /// The execution provider by GenAI's name, such as <c>cuda</c>, <c>OpenVINO</c>, <c>webgpu</c>, <c>NvTensorRtRtx</c>, or
    /// <c>cpu</c>. Default (<see langword="null"/>): those that <c>genai_config.json</c> names. The application has to reference the package of
    /// GenAI that brings it.
    /// </summary>
    [StringLength(int.MaxValue, MinimumLength = 1)]
    public string? Provider { get; set; }

    /// <summary>
    /// Options of <see cref="Provider"/> by its own names, on top of those in <c>genai_config.json</c>. Default: none. Without a
    /// <see cref="Provider"/> they are refused.
    /// </summary>
    public Dictionary<string, string> ProviderOptions { get; set; } = [];

    /// <summary>
    /// Session configuration entries by ONNX Runtime's names, such as <c>session.intra_op.allow_spinning</c>. They win over
    /// <c>genai_config.json</c>. Default: none, which leaves <c>session.force_spinning_stop</c> at 1, as the library's own sessions have it.
    /// </summary>
    public Dictionary<string, string> SessionEntries { get; set; } = [];

    /// <summary>
    /// The number of threads that share one operator on the CPU, at least 1. Default (<see langword="null"/>): the value of
    /// <c>genai_config.json</c>, else all processors for a target and 1 for a draft. GenAI's own default is half the processors.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int? IntraOpThreads { get; set; }

    /// <summary>
    /// Whether the folder's <c>tokenizer.json</c> is read: by a target to turn text into ids, by a draft to see that its ids mean the target's tokens.
    /// Default <see langword="true"/>. Turn it off where the pipeline is given another tokenizer, or speaks ids only; that the ids are the same is
    /// then your promise.
    /// </summary>
    public bool ReadsTokenizer { get; set; } = true;

    /// <summary>
    /// Adapters by name, each with its file (<c>.onnx_adapter</c>). They are loaded with the model; a request names the one it wants by
    /// <see cref="AdapterProperty"/> and runs without one otherwise. Default: none.
    /// </summary>
    public Dictionary<string, string> Adapters { get; set; } = [];
}
