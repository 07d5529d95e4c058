namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>Numbers of element types in the ONNX file format.</summary>
internal static class OnnxElement
{
    public const int Float = 1;
    public const int UInt8 = 2;
    public const int Int8 = 3;
    public const int Int32 = 6;
    public const int Int64 = 7;
    public const int Bool = 9;
    public const int Float16 = 10;
    public const int BFloat16 = 16;
}
