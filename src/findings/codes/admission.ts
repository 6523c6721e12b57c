export interface AdmissionCodes {
  denied: { readonly by: string | null; readonly message: string; readonly httpStatus: number };
}
