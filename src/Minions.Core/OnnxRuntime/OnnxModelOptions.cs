using System.ComponentModel.DataAnnotations;
using Minions.Core.OnnxRuntime.Sessions;

namespace Minions.Core.OnnxRuntime;

/// <summary>One model folder and how ONNX Runtime runs it.</summary>
/// <remarks>
/// The values are read once, when the model loads; later changes have no effect. Instances are not synchronised: set them up on one thread.
/// </remarks>
public class OnnxModelOptions
{
    /// <summary>
    /// The model folder: either the layout of ONNX Runtime GenAI (<c>genai_config.json</c>) or a Hugging Face ONNX export
    /// (<c>config.json</c> with an ONNX file), with a <c>tokenizer.json</c>. Links are followed, those of a download cache among them. A
    /// relative path is taken from the current directory.
    /// </summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>
    /// The ONNX file, relative to <see cref="Folder"/>, such as <c>onnx/model_q4.onnx</c>. Default (<see langword="null"/>): the one that
    /// <c>genai_config.json</c> names, else <c>model.onnx</c> or <c>onnx/model.onnx</c>, else the only ONNX file in the folder or up to three
    /// folders below; where there are several, loading fails and lists them.
    /// </summary>
    [StringLength(int.MaxValue, MinimumLength = 1)]
    public string? ModelFile { get; set; }

    /// <summary>
    /// What the model is called in statistics and log lines. Default (<see langword="null"/>): the folder's own name. Where two drafts of one
    /// pipeline would have the same name so, they get as much of the path before it as tells them apart, such as <c>code/small</c>.
    /// </summary>
    [StringLength(int.MaxValue, MinimumLength = 1)]
    public string? Name { get; set; }

    /// <summary>Where the model runs. Default: <see cref="ExecutionProvider.Auto"/>.</summary>
    [DefinedEnum]
    public ExecutionProvider Provider { get; set; } = ExecutionProvider.Auto;

    /// <summary>
    /// The number of the GPU, from 0. Default (<see langword="null"/>): the <c>device_id</c> of the folder's <c>genai_config.json</c>, else 0. No
    /// effect on the CPU.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int? DeviceId { get; set; }

    /// <summary>
    /// Options of the CUDA provider by ONNX Runtime's names, such as <c>gpu_mem_limit</c>. They win over <c>genai_config.json</c> and over
    /// <see cref="DeviceId"/>. <c>enable_cuda_graph</c> is refused: a captured graph replays one number of rows at fixed addresses. Default: none. No
    /// effect on the CPU.
    /// </summary>
    public Dictionary<string, string> ProviderOptions { get; set; } = [];

    /// <summary>
    /// Session configuration entries by ONNX Runtime's names, such as <c>session.intra_op.allow_spinning</c>. They win over
    /// <c>genai_config.json</c> and over what the library sets by itself. Default: none.
    /// </summary>
    public Dictionary<string, string> SessionEntries { get; set; } = [];

    /// <summary>
    /// The number of threads that share one operator, the calling thread included, at least 1. Default: <see langword="null"/>, which takes
    /// the value of <c>genai_config.json</c> or else one that suits all models of the pipeline together.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int? IntraOpThreads { get; set; }

    /// <summary>
    /// Hidden states by name: those that a target gives to heads, beside what the pipeline's own heads ask it for; or those of its target that a head
    /// reads, joined in this order, in place of what its files say. A name is that of a tensor in the target's graph, <c>layer:N</c> for what leaves
    /// layer N (from 0), or <c>final</c> for what the head matrix reads. Default: empty. No effect on other drafts.
    /// </summary>
    public List<string> States { get; } = [];

    /// <summary>What is asked of the model's session.</summary>
    /// <param name="defaultIntraOpThreads">The threads of an operator where neither these options nor the folder say.</param>
    /// <exception cref="ModelLoadException">There is no such provider.</exception>
    /// <param name="states">The states that the graph shall give; <see langword="null"/> for none.</param>
    internal SessionRequest ToSessionRequest(int defaultIntraOpThreads, IReadOnlyList<string>? states = null) => new()
    {
        States = states ?? [],
        Device = Provider switch
        {
            ExecutionProvider.Auto => null,
            ExecutionProvider.Cpu => SessionDevice.Cpu,
            ExecutionProvider.Cuda => SessionDevice.Cuda,
            ExecutionProvider unknown => throw new ModelLoadException($"The execution provider '{unknown}' is unknown: use Auto, Cpu or Cuda.", Folder),
        },
        ModelFile = ModelFile,
        DeviceId = DeviceId,
        ProviderOptions = ProviderOptions,
        Entries = SessionEntries,
        IntraOpThreads = IntraOpThreads,
        DefaultIntraOpThreads = defaultIntraOpThreads,
    };
}
