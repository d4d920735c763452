//! What the processor has and this program was not compiled for.

/// The widest vector instructions of the processor, if this program uses narrower ones.
pub(crate) fn unused() -> Option<&'static str> {
    #[cfg(target_arch = "x86_64")]
    {
        if !cfg!(target_feature = "avx512f") && std::is_x86_feature_detected!("avx512f") {
            return Some("AVX-512");
        }
        if !cfg!(target_feature = "avx2") && std::is_x86_feature_detected!("avx2") {
            return Some("AVX2");
        }
    }
    None
}
