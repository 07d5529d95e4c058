namespace Minions.Core.OnnxRuntime;

/// <summary>Where ONNX Runtime runs a model.</summary>
public enum ExecutionProvider
{
    /// <summary>CUDA when its provider and the model load there, else the CPU; one information log line then says why.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>
    /// An NVIDIA GPU. Needs the native library of package <c>Minions.Core.Cuda</c>; loading fails where it cannot be used, with what is missing. Operators
    /// without a CUDA kernel run on the CPU; where attention is one of them, one warning says so.
    /// </summary>
    Cuda,
}
