using System.ComponentModel.DataAnnotations;
using Minions.Core.OnnxRuntime.Heads;

namespace Minions.Core.OnnxRuntime;

/// <summary>The folder of a head, a draft that reads its target's states, and how ONNX Runtime runs it.</summary>
/// <remarks>
/// The folder has a <c>head_config.json</c>; or it is a target's own whose <c>genai_config.json</c> has a <c>model.mtp</c> section; or its graph has the usual
/// names and <see cref="OnnxModelOptions.States"/> is set. It needs no tokenizer: a head's ids are its target's.
/// </remarks>
public sealed class OnnxHeadOptions : OnnxModelOptions
{
    /// <summary>
    /// The target's folder, for a head that borrows its embedding or head matrix. Default (<see langword="null"/>): the folder of the pipeline's target.
    /// </summary>
    [StringLength(int.MaxValue, MinimumLength = 1)]
    public string? Target { get; set; }

    /// <summary>
    /// The file that says which token each of its columns stands for, relative to <see cref="OnnxModelOptions.Folder"/>: a JSON list, or a checkpoint's
    /// <c>.safetensors</c> with a tensor <c>d2t</c>. Default (<see langword="null"/>): what <c>head_config.json</c> names, or <c>d2t.json</c> where it
    /// lies there; without any, a column's number is the token's.
    /// </summary>
    [StringLength(int.MaxValue, MinimumLength = 1)]
    public string? DraftTokens { get; set; }

    /// <summary>What these options say of the head, beside how to run it.</summary>
    internal HeadRequest ToHeadRequest() => new(Folder, ModelFile, Target, States, DraftTokens);
}
